import { close, hang, refuse, send, startAws } from "@backline/lambda-edge/testing";
import type { CloudFrontRequest, CloudFrontResponse, CloudFrontResultResponse } from "aws-lambda";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ogTags } from "../src/og-tags.ts";
import { headers, originRequest, originResponse, request } from "./events.ts";
import { readPage } from "./html.ts";

const PREVIEW = { "X-Viewer-Kind": "preview" };
const SPRING = {
  slug: { S: "spring" },
  status: { S: "published" },
  version: { N: "3" },
  title: { S: "봄소풍 콘서트" },
  description: { S: "한강에서\n함께 듣는 봄" },
  artist: { S: "새벽다방" },
  city: { S: "서울" },
  imageKey: { S: "spring/cover.jpg" },
};

let aws: Awaited<ReturnType<typeof startAws>>;
let logged: Record<string, unknown>[];

beforeEach(async () => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local");
  vi.stubEnv("AWS_REGION", "us-west-2");
  logged = [];
  vi.spyOn(process.stdout, "write").mockImplementation((line) => {
    logged.push(JSON.parse(String(line)));
    return true;
  });
  aws = await startAws();
  aws.items.set("spring", SPRING);
});

afterEach(async () => {
  await aws.stop();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

function config() {
  return {
    siteUrl: "https://backline.example",
    siteName: "Backline",
    table: "campaign-previews",
    replicas: ["ap-northeast-2", "us-east-1"],
    endpoint: aws.endpoint,
  };
}

/** What CloudFront goes on with. */
async function at(uri: string, sent: Record<string, string> = PREVIEW) {
  return ogTags(config())(originRequest(request(uri, sent)));
}

async function answerAt(uri: string): Promise<{ status: string; cacheControl: string | undefined; body: string }> {
  const result = await at(uri);
  if (!("status" in result)) {
    throw new Error("the request went on");
  }
  const { status, headers, body = "" } = result as CloudFrontResultResponse;
  return { status, cacheControl: headers?.["cache-control"]?.[0]?.value, body };
}

async function pageOf(item: Record<string, unknown>) {
  aws.items.set("spring", { ...SPRING, ...item });
  const { status, body } = await answerAt("/campaigns/spring");
  expect(status).toBe("200");
  const page = readPage(body);
  expect(page.errors).toEqual([]);
  expect(page.elements).not.toContain("script");
  return page;
}

async function expectPlainPage(uri = "/campaigns/spring") {
  const result = await at(uri);
  expect(result).toEqual({ ...request(uri, PREVIEW), uri: "/index.html" });
}

describe("a preview of a campaign", () => {
  test("has all tags, with absolute URLs", async () => {
    const page = await pageOf({});
    expect(page.title).toBe("봄소풍 콘서트");
    expect(page.canonical).toBe("https://backline.example/campaigns/spring");
    expect(page.tags).toMatchObject({
      description: "한강에서 함께 듣는 봄",
      "og:type": "website",
      "og:site_name": "Backline",
      "og:locale": "ko_KR",
      "og:url": "https://backline.example/campaigns/spring",
      "og:title": "봄소풍 콘서트",
      "og:description": "한강에서 함께 듣는 봄",
      "og:image": "https://backline.example/images/spring/cover.jpg?w=1200",
      "og:image:secure_url": "https://backline.example/images/spring/cover.jpg?w=1200",
      "og:image:type": "image/jpeg",
      "og:image:alt": "봄소풍 콘서트",
      "twitter:card": "summary_large_image",
      "twitter:title": "봄소풍 콘서트",
      "twitter:description": "한강에서 함께 듣는 봄",
      "twitter:image": "https://backline.example/images/spring/cover.jpg?w=1200",
    });
  });

  test("is kept by CloudFront and by no browser", async () => {
    const { cacheControl } = await answerAt("/campaigns/spring");
    expect(cacheControl).toBe("public, max-age=0, s-maxage=300");
  });

  test("leads a person who sees it to the site, and nobody away by itself", async () => {
    const page = await pageOf({});
    expect(page.links).toContain("https://backline.example/");
    expect(page.attributes).not.toContain("http-equiv");
  });

  test("claims no size of an image whose size is not known", async () => {
    const page = await pageOf({});
    expect(page.tags).not.toHaveProperty("og:image:width");
    expect(page.tags).not.toHaveProperty("og:image:height");
  });

  test("without an image is a small card", async () => {
    const page = await pageOf({ imageKey: undefined });
    expect(page.tags["twitter:card"]).toBe("summary");
    expect(Object.keys(page.tags).filter((name) => name.includes("image"))).toEqual([]);
  });

  test("without a description says who plays where", async () => {
    const page = await pageOf({ description: undefined });
    expect(page.tags["og:description"]).toBe("새벽다방 · 서울");
  });

  test("with nothing but a title has no description", async () => {
    const page = await pageOf({ description: undefined, artist: undefined, city: undefined });
    expect(page.tags).not.toHaveProperty("og:description");
    expect(page.tags).not.toHaveProperty("description");
  });

  test("is read from the table's nearest replica, with the trace", async () => {
    const trace = "Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=1";
    await at("/campaigns/spring", { ...PREVIEW, "X-Amzn-Trace-Id": trace });
    expect(aws.reads).toHaveLength(1);
    expect(aws.reads[0]).toMatchObject({ TableName: "campaign-previews", Key: { slug: { S: "spring" } } });
    expect(aws.reads[0]?.headers).toMatchObject({
      "x-amzn-trace-id": trace,
      authorization: expect.stringContaining("/us-east-1/dynamodb/"),
    });
    expect(logged).toMatchObject([
      { level: "info", requestId: "request-1", traceId: "1-67891233-abcdef012345678912345678", status: "200" },
    ]);
  });

  test("at an http site has no secure image", async () => {
    const handler = ogTags({ ...config(), siteUrl: "http://localhost:8080" });
    const result = await handler(originRequest(request("/campaigns/spring", PREVIEW)));
    const { tags } = readPage((result as CloudFrontResultResponse).body ?? "");
    expect(tags["og:image"]).toBe("http://localhost:8080/images/spring/cover.jpg?w=1200");
    expect(tags).not.toHaveProperty("og:image:secure_url");
  });
});

describe("a person", () => {
  test("gets the site's page, whatever the campaign, and nothing is read", async () => {
    for (const uri of ["/campaigns/spring", "/campaigns/unknown", "/campaigns/", "/campaigns/%zz"]) {
      const sent = { "X-Viewer-Kind": "human" };
      expect(await at(uri, sent)).toEqual({ ...request(uri, sent), uri: "/index.html" });
    }
    expect(aws.reads).toEqual([]);
    expect(logged).toEqual([]);
  });

  test("is everyone whom nothing calls a preview", async () => {
    expect(await at("/campaigns/spring", {})).toMatchObject({ uri: "/index.html" });
    const forged = { "User-Agent": "kakaotalk-scrap/1.0", "X-Viewer-Kind": "human, preview", "X-Preview": "1" };
    expect(await at("/campaigns/spring", forged)).toMatchObject({ uri: "/index.html" });
  });

  test("gets the site's page with the cache rules of its origin", async () => {
    const response = { status: "200", statusDescription: "OK", headers: headers({ "Cache-Control": "max-age=60" }) };
    const seen = request("/index.html", { "X-Viewer-Kind": "human" });
    expect(await ogTags(config())(originResponse(seen, structuredClone(response)))).toEqual(response);
  });
});

describe("a preview of a campaign that nobody may see", () => {
  test("says 404 shortly for one that is unknown", async () => {
    const { status, cacheControl, body } = await answerAt("/campaigns/unknown");
    expect(status).toBe("404");
    expect(cacheControl).toBe("public, max-age=0, s-maxage=10");
    expect(readPage(body)).toMatchObject({ errors: [], tags: { robots: "noindex" } });
  });

  test("says 404 for a draft", async () => {
    aws.items.set("spring", { ...SPRING, status: { S: "draft" } });
    const { status, body } = await answerAt("/campaigns/spring");
    expect(status).toBe("404");
    expect(body).not.toContain("봄소풍");
  });

  test("says 410 for one that is closed", async () => {
    aws.items.set("spring", { ...SPRING, status: { S: "closed" } });
    const { status, cacheControl, body } = await answerAt("/campaigns/spring");
    expect(status).toBe("410");
    expect(cacheControl).toBe("public, max-age=0, s-maxage=300");
    expect(readPage(body)).toMatchObject({ errors: [], tags: { robots: "noindex" } });
  });
});

describe("a path", () => {
  test.each([
    "/campaigns",
    "/campaigns/",
    "/campaigns//",
    "/campaigns/a",
    `/campaigns/${"a".repeat(81)}`,
    "/campaigns/Spring",
    "/campaigns/spring/more",
    "/campaigns//spring",
    "/campaigns/..",
    "/campaigns/../spring",
    "/campaigns/%2e%2e",
    "/campaigns/%2e%2e%2fspring",
    "/campaigns/spring%2f",
    "/campaigns/spring%00",
    "/campaigns/%00",
    "/campaigns/spring%0d%0aSet-Cookie:x",
    "/campaigns/spring%20",
    "/campaigns/spring%",
    "/campaigns/%zz",
    "/campaigns/%c3%28",
    "/campaigns/%ff%fe",
    "/campaigns/%ed%a0%80",
    "/campaigns/%2523draft%23spring",
    "/campaigns/%23draft%23spring",
    "/campaigns/spring-",
    "/campaigns/-spring",
    "/campaigns/spring--2",
    "/campaigns/spring_2",
    "/campaigns/%E1%84%87",
    "/campaigns/%E2%80%AEspring",
    "/campaigns/\u{1F600}",
    "/campaigns/<script>",
    "/campaigns/__proto__",
    "/Campaigns/spring",
    "",
  ])("%j is no campaign's and reads nothing", async (uri) => {
    expect((await answerAt(uri)).status).toBe("404");
    expect(aws.reads).toEqual([]);
  });

  test("with 8 KB of percent encoding is no campaign's", async () => {
    expect((await answerAt(`/campaigns/${"%EA%B0%80".repeat(900)}`)).status).toBe("404");
    expect(JSON.stringify(logged).length).toBeLessThan(500);
  });

  test("of Hangul is read composed and written percent-encoded", async () => {
    aws.items.set("봄-2026", { ...SPRING, slug: { S: "봄-2026" } });
    const { status, body } = await answerAt("/campaigns/%EB%B4%84-2026");
    expect(status).toBe("200");
    expect(readPage(body).canonical).toBe("https://backline.example/campaigns/%EB%B4%84-2026");
  });

  test.each([
    ["decomposed Hangul", "/campaigns/%E1%84%87%E1%85%A9%E1%86%B7-2026"],
    ["a slash at the end", "/campaigns/%EB%B4%84-2026/"],
    ["small letters in its encoding", "/campaigns/%eb%b4%84-2026"],
    ["more encoded than needed", "/campaigns/%EB%B4%84%2D2026"],
    ["nothing encoded", "/campaigns/봄-2026"],
  ])("with %s leads to the one that is invalidated", async (_what, uri) => {
    const result = await at(uri);
    expect(result).toMatchObject({
      status: "301",
      headers: { location: [{ key: "Location", value: "https://backline.example/campaigns/%EB%B4%84-2026" }] },
    });
    expect(aws.reads).toEqual([]);
  });
});

describe("hostile text", () => {
  test("stays text in every attribute and element", async () => {
    const hostile = `"><script>alert('1')</script>&amp;<!--</title>`;
    const page = await pageOf({ title: { S: hostile }, description: { S: hostile } });
    expect(page.title).toBe(hostile);
    expect(page.tags["og:title"]).toBe(hostile);
    expect(page.tags["twitter:description"]).toBe(hostile);
    expect([...page.attributes].sort()).toEqual(
      ["charset", "content", "href", "lang", "name", "prefix", "property", "rel"].sort(),
    );
  });

  test("with $& and its like is not taken for a pattern", async () => {
    const page = await pageOf({ title: { S: "$& $1 $` $' $$" } });
    expect(page.tags["og:title"]).toBe("$& $1 $` $' $$");
  });

  test("loses control characters and keeps its words apart", async () => {
    const page = await pageOf({ title: { S: "\u0000봄\u0007\r\n\t소풍\u001b[31m\u0085콘서트\u007f\u2028" } });
    expect(page.tags["og:title"]).toBe("봄 소풍 [31m 콘서트");
  });

  test("in decomposed Hangul is composed", async () => {
    const page = await pageOf({ title: { S: "봄소풍".normalize("NFD") } });
    expect(page.tags["og:title"]).toBe("봄소풍");
  });

  test("cannot turn the reading direction", async () => {
    const page = await pageOf({ title: { S: "\u202egpj.exe\u202c\u2066봄\u2069\u200f\u061c" } });
    expect(page.tags["og:title"]).toBe("gpj.exe봄");
  });

  test("with halves of surrogate pairs and noncharacters is without them", async () => {
    aws.answers.next.push(
      send(
        String.raw`{"Item":{"slug":{"S":"spring"},"status":{"S":"published"},"title":{"S":"\ud83d봄\udc00\uffff\ufdd0\ud83f\udffe\ud83d\ude00"}}}`,
      ),
    );
    const { body } = await answerAt("/campaigns/spring");
    expect(readPage(body).tags["og:title"]).toBe("봄😀");
    expect(body.isWellFormed()).toBe(true);
  });

  test("in bytes that are no UTF-8 is shown as far as it can be read", async () => {
    aws.answers.next.push((response) =>
      response.end(
        Buffer.concat([
          Buffer.from('{"Item":{"status":{"S":"published"},"title":{"S":"bad '),
          Buffer.from([0xff, 0xc3]),
          Buffer.from(' bytes"}}}'),
        ]),
      ),
    );
    const { body } = await answerAt("/campaigns/spring");
    expect(readPage(body).tags["og:title"]).toBe("bad \ufffd\ufffd bytes");
  });

  test.each([
    ["ASCII", "a".repeat(10_240), `${"a".repeat(59)}…`],
    ["Hangul", "가".repeat(10_240), `${"가".repeat(59)}…`],
    ["emoji", "😀".repeat(2_560), `${"😀".repeat(59)}…`],
    ["families", "👨‍👩‍👧".repeat(500), `${"👨‍👩‍👧".repeat(11)}…`],
  ])("of 10 KB of %s is cut between characters", async (_what, title, shown) => {
    const page = await pageOf({ title: { S: title } });
    expect(page.tags["og:title"]).toBe(shown);
  });

  test("of one letter with 10 KB of accents is cut as well", async () => {
    const page = await pageOf({ title: { S: `a${"\u0301".repeat(5_000)}` } });
    expect(Array.from(page.tags["og:title"] ?? "").length).toBeLessThanOrEqual(60);
  });

  test("is cut to 110 code points in a description", async () => {
    const page = await pageOf({ description: { S: "나".repeat(2_000) } });
    expect(page.tags["og:description"]).toBe(`${"나".repeat(109)}…`);
  });

  test.each([
    "../../etc/passwd",
    "/cover.jpg",
    "//evil.example/x.jpg",
    "https://evil.example/x.jpg",
    "a/../b.jpg",
    "a//b.jpg",
    'a"onload="x.jpg',
    "cover.jpg?w=1&x=<",
    "커버.jpg",
    "a\nb.jpg",
    "x".repeat(201),
    "",
  ])("%j is no image", async (imageKey) => {
    const page = await pageOf({ imageKey: { S: imageKey } });
    expect(page.tags).not.toHaveProperty("og:image");
  });
});

describe("an item that is not as it should be", () => {
  test("is shown without what has the wrong type", async () => {
    const page = await pageOf({
      description: { N: "1" },
      artist: { S: 5 },
      city: null,
      imageKey: { M: { S: { S: "x" } } },
      title: { S: "봄" },
    });
    expect(page.tags["og:title"]).toBe("봄");
    expect(page.tags).not.toHaveProperty("og:description");
    expect(page.tags).not.toHaveProperty("og:image");
  });

  test.each([
    ["no attribute", {}],
    ["no status", { ...SPRING, status: undefined }],
    ["a status that nobody knows", { ...SPRING, status: { S: "paused" } }],
    ["a status that is a list", { ...SPRING, status: { L: [{ S: "published" }] } }],
    ["no title", { ...SPRING, title: undefined }],
    ["a title that is a number", { ...SPRING, title: { N: "5" } }],
    ["a title that is blank", { ...SPRING, title: { S: " \u200f\t" } }],
    ["a title that is null", { ...SPRING, title: null }],
  ])("gives the plain page where it has %s", async (_what, item) => {
    aws.items.set("spring", item);
    await expectPlainPage();
    expect(logged).toMatchObject([{ level: "error" }]);
  });
});

describe("a failure", () => {
  test.each([
    ["refuses", refuse(400, "AccessDeniedException")],
    ["does not know the table", refuse(400, "ResourceNotFoundException")],
    ["fails", refuse(500, "InternalServerError")],
    ["is overloaded", refuse(400, "ThrottlingException")],
    ["sends no JSON", send("<html>")],
    ["sends half of its JSON", send('{"Item":{"slug"')],
    ["sends a list", send("[]")],
    ["sends an item that is a list", send('{"Item":[1]}')],
    ["sends an item that is text", send('{"Item":"spring"}')],
    ["sends null", send("null")],
    ["closes the connection", close],
    [
      "closes the connection within its answer",
      (response: Parameters<typeof close>[0]) => {
        response.writeHead(200, { "content-length": "100" });
        response.write('{"Item":');
        response.socket?.end();
      },
    ],
  ])("gives the plain page where DynamoDB %s", async (_what, answer) => {
    aws.answers.getItem = answer;
    await expectPlainPage();
    expect(logged).toMatchObject([{ level: "error", uri: "/campaigns/spring" }]);
  });

  test("gives the plain page where DynamoDB is not there", async () => {
    await aws.stop();
    await expectPlainPage();
    aws = await startAws();
  });

  test("gives the plain page where DynamoDB does not answer in time", async () => {
    aws.answers.getItem = hang;
    await expectPlainPage();
    expect(logged).toMatchObject([{ level: "error", error: expect.stringContaining("TimeoutError") }]);
  });

  test("that passes is not seen", async () => {
    aws.answers.next.push(refuse(400, "ProvisionedThroughputExceededException"), close);
    expect((await answerAt("/campaigns/spring")).status).toBe("200");
    expect(aws.reads).toHaveLength(3);
  });

  test("is kept for 5 seconds only", async () => {
    const seen = request("/index.html", PREVIEW);
    const response: CloudFrontResponse = {
      status: "200",
      statusDescription: "OK",
      headers: headers({ "Cache-Control": "max-age=31536000", ETag: '"1"' }),
    };
    const result = await ogTags(config())(originResponse(seen, response));
    expect(result).toMatchObject({
      status: "200",
      headers: {
        "cache-control": [{ key: "Cache-Control", value: "public, max-age=0, s-maxage=5" }],
        etag: [{ key: "ETag", value: '"1"' }],
      },
    });
  });
});

describe("forged headers", () => {
  test("change no URL of the page", async () => {
    const forged = {
      ...PREVIEW,
      Host: "evil.example",
      "X-Forwarded-Host": "evil.example",
      "X-Forwarded-Proto": "http",
      Referer: "https://evil.example/",
    };
    const result = await at("/campaigns/spring", forged);
    expect((result as CloudFrontResultResponse).body).not.toContain("evil");
  });

  test.each([
    "Root=1-67891233-abcdef012345678912345678\r\nX-Evil: 1",
    "Root=<script>;Parent=x;Sampled=1",
    "Root=1-67891233-ABCDEF012345678912345678",
    "Self=1;Lineage=x",
    "=;;;=",
    "x".repeat(8_000),
  ])("with the trace %j are not passed on", async (trace) => {
    await at("/campaigns/spring", { ...PREVIEW, "X-Amzn-Trace-Id": trace });
    expect(aws.reads[0]?.headers).not.toHaveProperty("x-amzn-trace-id");
    expect(logged[0]).not.toHaveProperty("traceId");
  });

  test("are passed on as far as they have the form of a trace", async () => {
    const root = "Root=1-67891233-abcdef012345678912345678";
    const sent = `Sampled=<script>;Parent=;Self=1;${root}`;
    await at("/campaigns/spring", { ...PREVIEW, "X-Amzn-Trace-Id": sent });
    expect(aws.reads[0]?.headers).toMatchObject({ "x-amzn-trace-id": root });
  });

  test("reach no log line", async () => {
    const personal = { ...PREVIEW, "User-Agent": "secret-agent", Cookie: "secret", "X-Forwarded-For": "198.51.100.9" };
    aws.answers.getItem = refuse(400, "AccessDeniedException");
    await at("/campaigns/spring", personal);
    expect(JSON.stringify(logged)).not.toMatch(/secret|198\.51|203\.0\.113|utm_source/);
  });
});

describe("a configuration", () => {
  test.each([
    ["siteUrl", undefined],
    ["siteUrl", "backline.example"],
    ["siteUrl", "javascript:alert(1)"],
    ["siteUrl", "https://backline.example/?x"],
    ["siteName", ""],
    ["table", 5],
    ["replicas", []],
    ["replicas", "us-east-1"],
    ["replicas", ["nowhere"]],
    ["endpoint", "127.0.0.1:4566"],
  ])("with a wrong %s (%j) fails at init and says so", (field, value) => {
    expect(() => ogTags({ ...config(), [field]: value })).toThrow(new RegExp(`config.json: ${field} must be`));
  });

  test("that is no object fails at init", () => {
    expect(() => ogTags([])).toThrow("config.json must be an object");
  });
});

test("a request other than the uri is never changed", async () => {
  aws.answers.getItem = refuse(400, "AccessDeniedException");
  const sent: CloudFrontRequest = { ...request("/campaigns/spring", PREVIEW), method: "HEAD" };
  expect(await ogTags(config())(originRequest(structuredClone(sent)))).toEqual({ ...sent, uri: "/index.html" });
});
