// Made from the redirector's user-agents.tsv by `npm run generate -w @backline/user-agents`; a test compares them.
import type { Pattern } from "./index.ts";

export const PATTERNS: readonly Pattern[] = [
  ["person", "contains", "cubot"], // Cubot is a maker of phones: https://www.cubot.net
  ["preview", "contains", "kakaotalk-scrap"], // https://devtalk.kakao.com/t/scrap/33984
  ["preview", "contains", "facebookexternalhit"], // https://developers.facebook.com/docs/sharing/webmasters/web-crawlers
  ["preview", "contains", "facebookcatalog"], // https://developers.facebook.com/docs/sharing/webmasters/web-crawlers
  ["preview", "contains", "facebot"], // https://developers.facebook.com/docs/sharing/best-practices#crawl
  ["preview", "contains", "meta-externalfetcher"], // https://developers.facebook.com/docs/sharing/webmasters/web-crawlers
  ["bot", "contains", "meta-externalagent"], // https://developers.facebook.com/docs/sharing/webmasters/web-crawlers (gathers training data, draws no cards)
  ["preview", "contains", "blueno"], // https://searchadvisor.naver.com/guide/seo-basic-firewall (Naver's card drawer; Yeti is its search engine)
  ["preview", "contains", "line-poker"], // https://help2.line.me/linesearchbot/web/?lang=en (LINE's card drawer; Line/ is its browser)
  ["preview", "contains", "twitterbot"], // https://developer.x.com/en/docs/x-for-websites/cards/guides/troubleshooting-cards
  ["preview", "contains", "slackbot-linkexpanding"], // https://api.slack.com/robots
  ["preview", "contains", "slack-imgproxy"], // https://api.slack.com/robots
  ["preview", "contains", "slackbot"], // https://api.slack.com/robots
  ["preview", "contains", "discordbot"], // https://discord.com/developers/docs/reference#user-agent
  ["preview", "contains", "linkedinbot"], // https://www.linkedin.com/help/linkedin/answer/a521928
  ["preview", "starts", "whatsapp/"], // https://github.com/monperrus/crawler-user-agents (at the start only: its browser says WhatsApp further behind)
  ["preview", "starts", "googlemessages"], // https://developers.google.com/crawling/docs/crawlers-fetchers/google-user-triggered-fetchers
  ["preview", "contains", "google-pagerenderer"], // https://github.com/vercel/next.js/discussions/31482 (Google Chat)
  ["preview", "contains", "telegrambot"], // https://github.com/monperrus/crawler-user-agents
  ["preview", "contains", "skypeuripreview"], // https://github.com/monperrus/crawler-user-agents
  ["preview", "contains", "snap url preview service"], // https://github.com/monperrus/crawler-user-agents (Snapchat)
  ["preview", "contains", "snapurlpreview/"], // https://github.com/monperrus/crawler-user-agents (Snapchat)
  ["preview", "contains", "steamchaturllookup"], // https://github.com/monperrus/crawler-user-agents (Steam)
  ["preview", "starts", "synapse (bot"], // https://github.com/matrix-org/synapse (Matrix)
  ["preview", "contains", "groupmebot"], // https://github.com/monperrus/crawler-user-agents
  ["preview", "contains", "keybasebot"], // https://book.keybase.io/docs/chat/link-previews
  ["preview", "contains", "mattermost-bot"], // https://github.com/monperrus/crawler-user-agents
  ["preview", "contains", "pinterestbot"], // https://github.com/monperrus/crawler-user-agents
  ["preview", "starts", "pinterest/0."], // https://github.com/monperrus/crawler-user-agents (its app says Pinterest/ and a higher number)
  ["preview", "contains", "redditbot"], // https://github.com/monperrus/crawler-user-agents
  ["preview", "contains", "embedly"], // https://github.com/monperrus/crawler-user-agents
  ["preview", "contains", "iframely"], // https://github.com/monperrus/crawler-user-agents
  ["preview", "contains", "linkpreview"], // https://github.com/monperrus/crawler-user-agents (Buffer, Chatwork and others)
  ["preview", "contains", "link preview"], // https://github.com/monperrus/crawler-user-agents (Yahoo, Quora)
  ["preview", "contains", "evernoterichlinkbot"], // https://github.com/monperrus/crawler-user-agents
  ["preview", "contains", "clickuplinkunfurler"], // https://github.com/monperrus/crawler-user-agents
  ["preview", "contains", "websitemetadataretriever"], // https://github.com/faisalman/ua-parser-js (Asana)
  ["preview", "starts", "discourse forum onebox"], // https://github.com/monperrus/crawler-user-agents
  ["preview", "contains", "mastodon/"], // https://docs.joinmastodon.org/spec/security/
  ["preview", "starts", "lemmy/"], // https://github.com/monperrus/crawler-user-agents
  ["preview", "starts", "friendica"], // https://github.com/monperrus/crawler-user-agents
  ["preview", "contains", "summalybot"], // https://github.com/misskey-dev/summaly (Misskey)
  ["preview", "contains", "bluesky cardyb"], // https://github.com/monperrus/crawler-user-agents
  ["preview", "contains", "vkshare"], // https://github.com/monperrus/crawler-user-agents
  ["preview", "contains", "odklbot"], // https://github.com/monperrus/crawler-user-agents (Odnoklassniki)
  ["preview", "starts", "viber"], // https://github.com/monperrus/crawler-user-agents
  ["bot", "contains", "yeti/"], // https://help.naver.com/service/5626/contents/770 (Naver)
  ["bot", "contains", "naverbot"], // https://help.naver.com/service/5626/contents/770 (Naver)
  ["bot", "contains", "ads-naver"], // https://searchadvisor.naver.com/guide/seo-basic-firewall (Naver)
  ["bot", "contains", "daumoa"], // https://cs.daum.net/faq/15/4118.html (Daum)
  ["bot", "contains", "daum/"], // https://github.com/monperrus/crawler-user-agents (Daum; DaumApps/ is its app)
  ["bot", "contains", "googlebot"], // https://developers.google.com/search/docs/crawling-indexing/google-common-crawlers (Googlebot-Image and so on)
  ["bot", "contains", "googleother"], // https://developers.google.com/search/docs/crawling-indexing/google-common-crawlers
  ["bot", "contains", "mediapartners-google"], // https://developers.google.com/search/docs/crawling-indexing/google-special-case-crawlers
  ["bot", "contains", "bingpreview"], // https://www.bing.com/webmasters/help/which-crawlers-does-bing-use-8c184ec0
  ["bot", "contains", "yahoo! slurp"], // https://github.com/monperrus/crawler-user-agents
  ["bot", "contains", "ia_archiver"], // https://github.com/monperrus/crawler-user-agents
  ["bot", "contains", "chatgpt-user"], // https://platform.openai.com/docs/bots
  ["bot", "contains", "headlesschrome"], // https://developer.chrome.com/docs/chromium/headless
  ["bot", "contains", "phantomjs"], // https://github.com/monperrus/crawler-user-agents
  ["bot", "contains", "lighthouse"], // https://developer.chrome.com/docs/lighthouse (Chrome-Lighthouse)
  ["bot", "contains", "amazon cloudfront"], // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html
  ["bot", "contains", "elb-healthchecker"], // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
  ["bot", "starts", "curl/"], // https://curl.se/docs/manpage.html#-A
  ["bot", "starts", "wget/"], // https://www.gnu.org/software/wget/manual/wget.html
  ["bot", "starts", "python-requests"], // https://requests.readthedocs.io
  ["bot", "starts", "python-urllib"], // https://docs.python.org/3/library/urllib.request.html
  ["bot", "starts", "aiohttp/"], // https://docs.aiohttp.org
  ["bot", "starts", "python-httpx"], // https://www.python-httpx.org
  ["bot", "starts", "go-http-client"], // https://pkg.go.dev/net/http
  ["bot", "starts", "java-http-client"], // https://docs.oracle.com/en/java/javase/25/docs/api/java.net.http/module-summary.html
  ["bot", "starts", "apache-httpclient"], // https://hc.apache.org
  ["bot", "starts", "okhttp/"], // https://square.github.io/okhttp/
  ["bot", "starts", "axios/"], // https://axios-http.com
  ["bot", "starts", "node-fetch"], // https://github.com/node-fetch/node-fetch
  ["bot", "starts", "undici"], // https://github.com/nodejs/undici
  ["bot", "starts", "libwww-perl"], // https://metacpan.org/pod/LWP::UserAgent
  ["bot", "starts", "postmanruntime"], // https://www.postman.com
  ["bot", "starts", "powershell/"], // https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.utility/invoke-webrequest
  ["bot", "starts", "java/"], // https://docs.oracle.com/javase/8/docs/technotes/guides/net/http-client.html (HttpURLConnection)
  ["bot", "contains", "bot/"], // https://github.com/omrilotan/isbot (generic part)
  ["bot", "contains", "bot;"], // https://github.com/omrilotan/isbot (generic part)
  ["bot", "contains", "bot)"], // https://github.com/omrilotan/isbot (generic part)
  ["bot", "contains", "bot "], // https://github.com/omrilotan/isbot (generic part)
  ["bot", "contains", "-bot"], // https://github.com/omrilotan/isbot (generic part)
  ["bot", "contains", "crawler"], // https://github.com/omrilotan/isbot (generic part)
  ["bot", "contains", "spider"], // https://github.com/omrilotan/isbot (generic part)
  ["bot", "contains", "+http://"], // https://github.com/omrilotan/isbot (generic part)
  ["bot", "contains", "+https://"], // https://github.com/omrilotan/isbot (generic part)
];
