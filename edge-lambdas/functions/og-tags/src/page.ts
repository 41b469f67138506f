import { escapeHtml } from "@backline/lambda-edge";
import type { Campaign } from "./campaign.ts";
import { campaignPath } from "./slug.ts";

export interface Site {
  /** Without a slash at its end. */
  url: string;
  name: string;
}

type Tag = [attribute: "name" | "property", name: string, content: string | undefined];

/** Wide enough for every messenger's large card. One of the widths that the thumbnail function makes. */
const IMAGE_WIDTH = 1200;

export function campaignUrl(site: Site, slug: string): string {
  return site.url + campaignPath(slug);
}

/** The page of a campaign that is open. */
export function previewPage(site: Site, slug: string, campaign: Campaign): string {
  const { title, description, imageKey } = campaign;
  const url = campaignUrl(site, slug);
  const image = imageKey && `${site.url}/images/${imageKey}?w=${IMAGE_WIDTH}`;
  const tags: Tag[] = [
    ["name", "description", description],
    ["property", "og:type", "website"],
    ["property", "og:site_name", site.name],
    ["property", "og:locale", "ko_KR"],
    ["property", "og:url", url],
    ["property", "og:title", title],
    ["property", "og:description", description],
    ["property", "og:image", image],
    ["property", "og:image:secure_url", image?.startsWith("https:") ? image : undefined],
    ["property", "og:image:type", image && "image/jpeg"],
    ["property", "og:image:alt", image && title],
    ["name", "twitter:card", image ? "summary_large_image" : "summary"],
    ["name", "twitter:title", title],
    ["name", "twitter:description", description],
    ["name", "twitter:image", image],
  ];
  return page(
    site,
    title,
    [
      `<link rel="canonical" href="${escapeHtml(url)}">`,
      ...tags.flatMap(([attribute, name, content]) =>
        content === undefined ? [] : [`<meta ${attribute}="${name}" content="${escapeHtml(content)}">`],
      ),
    ],
    description,
  );
}

export function unknownPage(site: Site): string {
  return page(site, "찾을 수 없는 캠페인입니다", ['<meta name="robots" content="noindex">']);
}

export function closedPage(site: Site): string {
  return page(site, "종료된 캠페인입니다", ['<meta name="robots" content="noindex">']);
}

/** A person who comes to see it (a browser that calls itself a preview) finds the way to the site. */
function page(site: Site, title: string, tags: string[], text = ""): string {
  return `<!doctype html>
<html lang="ko" prefix="og: https://ogp.me/ns#">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
${tags.join("\n")}
</head>
<body>
<h1>${escapeHtml(title)}</h1>
${text && `<p>${escapeHtml(text)}</p>\n`}<p><a href="${escapeHtml(site.url)}/">${escapeHtml(site.name)}</a></p>
</body>
</html>
`;
}
