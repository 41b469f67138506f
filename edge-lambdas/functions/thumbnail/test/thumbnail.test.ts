import type {
  CloudFrontHeaders,
  CloudFrontRequest,
  CloudFrontRequestEvent,
  CloudFrontRequestResult,
  CloudFrontResponseEvent,
  CloudFrontResultResponse,
} from "aws-lambda";
import { zipSync } from "fflate";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { draw } from "../src/picture.ts";
import { thumbnail } from "../src/thumbnail.ts";
import { startBucket } from "./bucket.ts";
import { animation, bomb, phonePhotograph, smallPng } from "./pictures.ts";

let bucket: Awaited<ReturnType<typeof startBucket>>;
let handler: ReturnType<typeof thumbnail>;
let photograph: Buffer;

beforeAll(async () => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local");
  bucket = await startBucket();
  handler = thumbnail({ bucket: "images", region: "ap-northeast-2", endpoint: bucket.url });
  photograph = await phonePhotograph();
});

beforeEach(() => {
  bucket.clear();
  bucket.put("originals/spring/cover.jpg", photograph);
});

afterAll(() => bucket.close());

function request(uri: string, querystring: string, format?: string): CloudFrontRequest {
  const headers: CloudFrontHeaders = { host: [{ key: "Host", value: "images.s3.amazonaws.com" }] };
  if (format !== undefined) {
    headers["x-image-format"] = [{ key: "x-image-format", value: format }];
  }
  return { clientIp: "203.0.113.7", method: "GET", uri, querystring, headers };
}

function config<T extends "origin-request" | "origin-response">(eventType: T) {
  return { distributionDomainName: "d1.cloudfront.net", distributionId: "E1", eventType, requestId: "1" } as const;
}

async function ask(
  uri: string,
  querystring = "w=640",
  format = "jpeg",
  asked = handler,
): Promise<CloudFrontRequestResult> {
  const event: CloudFrontRequestEvent = {
    Records: [{ cf: { config: config("origin-request"), request: request(uri, querystring, format) } }],
  };
  return (await asked(event)) as CloudFrontRequestResult;
}

/** Where CloudFront is sent to for the picture. */
async function destination(uri: string, querystring?: string, format?: string): Promise<string> {
  const result = await ask(uri, querystring, format);
  if (!result || !("uri" in result)) {
    throw new Error(`no request but ${JSON.stringify(result)}`);
  }
  expect(result.querystring).toBe("");
  return result.uri;
}

async function made(uri: string, querystring?: string, format?: string) {
  const { body, headers } = bucket.stored.get((await destination(uri, querystring, format)).slice(1)) ?? {};
  expect(body).toBeDefined();
  return { ...(await sharp(body).metadata()), body: body as Buffer, headers };
}

async function refusal(uri: string, querystring?: string): Promise<CloudFrontResultResponse> {
  const result = await ask(uri, querystring);
  if (!result || !("status" in result)) {
    throw new Error(`no response but ${JSON.stringify(result)}`);
  }
  return result;
}

const COVER = "/images/spring/cover.jpg";

describe("a thumbnail", () => {
  test.each(["avif", "webp", "jpeg"])("is made as %s and stored as what it is", async (format) => {
    const picture = await made(COVER, "w=640", format);

    expect(picture.format).toBe(format === "avif" ? "heif" : format);
    expect(picture.headers).toEqual({ "content-type": `image/${format}`, "cache-control": "public, max-age=86400" });
  });

  test("is as wide as was asked for, upright, and says nothing of camera and place", async () => {
    const picture = await made(COVER);

    expect([picture.width, picture.height]).toEqual([640, 853]);
    expect(picture.exif).toBeUndefined();
    expect(picture.orientation).toBeUndefined();
    const { data } = await sharp(picture.body).extract({ left: 320, top: 100, width: 1, height: 1 }).raw().toBuffer({
      resolveWithObject: true,
    });
    expect([...data].map((value) => Math.round(value / 16))).toEqual([16, 13, 8]);
  });

  test("is made once", async () => {
    const first = await destination(COVER);
    bucket.calls.length = 0;

    expect(await destination(COVER)).toBe(first);
    expect(bucket.calls).toEqual(["HEAD originals/spring/cover.jpg", `HEAD ${first.slice(1)}`]);
  });

  test("is made again when its original is another one", async () => {
    const first = await destination(COVER);
    bucket.put("originals/spring/cover.jpg", await smallPng());

    expect(await destination(COVER)).not.toBe(first);
  });

  test("is never larger than its original", async () => {
    bucket.put("originals/small.png", await smallPng(), "image/png");

    expect((await made("/images/small.png", "w=1920")).width).toBe(200);
  });

  test("of a transparent picture has a white ground as JPEG", async () => {
    bucket.put("originals/small.png", await smallPng(), "image/png");

    const { channels } = await sharp((await made("/images/small.png")).body).stats();

    expect(channels.map(({ min }) => min)).toEqual([255, 255, 255]);
  });

  test("of an animation is its first frame", async () => {
    bucket.put("originals/moving.gif", await animation(), "image/gif");

    const picture = await made("/images/moving.gif", "w=320", "webp");

    expect(picture.pages).toBeUndefined();
    expect((await sharp(picture.body).stats()).dominant).toMatchObject({ r: 248, b: 8 });
  });

  test("of a narrow strip is at most three times as high as wide", async () => {
    const strip = sharp({ create: { width: 1000, height: 20_000, channels: 3, background: "#888" } });
    bucket.put("originals/strip.jpg", await strip.jpeg().toBuffer());

    expect((await made("/images/strip.jpg", "w=320")).height).toBe(960);
  });

  test("has a name of Hangul, spaces and signs", async () => {
    bucket.put("originals/봄 투어/100% (1)'!.jpg", photograph);

    expect((await made(`/images/${encodeURIComponent("봄 투어")}/100%25%20(1)'!.jpg`)).width).toBe(640);
  });
});

test.each([
  ["w=1", 320],
  ["w=320", 320],
  ["w=321", 640],
  ["w=1201", 1920],
  ["w=99999", 1920],
  ["w=0", 1920],
  ["w=-5", 1920],
  ["w=640px", 1920],
  ["w=1e2", 1920],
  ["w=%00", 1920],
  ["", 1920],
])("%s asks for a width of %i", async (querystring, width) => {
  expect(await destination(COVER, querystring)).toMatch(new RegExp(`^/thumbnails/v1/[0-9a-f]{32}/${width}\\.jpeg$`));
});

test.each(["png", "AVIF", "../x", ""])("the format %j, which there is not, is JPEG", async (format) => {
  expect(await destination(COVER, "w=320", format)).toMatch(/\/320\.jpeg$/);
});

test("an image that is not there is not found, for a minute", async () => {
  const { status, headers } = await refusal("/images/none.jpg");

  expect(status).toBe("404");
  expect(headers?.["cache-control"]?.[0]?.value).toBe("public, max-age=60");
});

describe("S3 is not even asked for", () => {
  test.each([
    "/images/",
    "/images/%2e%2e/site/index.html",
    "/images/a/../b.jpg",
    "/images/a/./b.jpg",
    "/images/a%2F..%2Fb.jpg",
    "/images//spring/cover.jpg",
    "/images/spring/cover.jpg%00.png",
    "/images/%ff",
    "/images/..%5cb.jpg",
    `/images/${"x".repeat(1000)}.jpg`,
    "/other/spring/cover.jpg",
  ])("%s", async (uri) => {
    expect((await refusal(uri)).status).toBe("404");
    expect(bucket.calls).toEqual([]);
  });
});

const SCRIPT = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>';

describe("is refused, and not served as it is", () => {
  test.each<[string, () => Buffer | Promise<Buffer>]>([
    ["an SVG with a script", () => Buffer.from(SCRIPT)],
    ["a ZIP with the name of a picture", () => Buffer.from(zipSync({ "index.html": Buffer.from(SCRIPT) }))],
    ["a page with the name of a picture", () => Buffer.from("<!doctype html><script>alert(1)</script>")],
    ["a PDF", () => Buffer.from("%PDF-1.7\n1 0 obj\n<<>>\nendobj\n")],
    ["a TIFF", () => sharp(photograph).tiff().toBuffer()],
    ["30,000 x 30,000 pixels", bomb],
    ["a file of more than 20 MB", () => Buffer.concat([photograph, Buffer.alloc(20_000_000)])],
    ["an empty file", () => Buffer.alloc(0)],
  ])("%s", async (_name, content) => {
    bucket.put("originals/odd.jpg", await content());

    expect((await refusal("/images/odd.jpg")).status).toBe("415");
    expect([...bucket.stored.keys()]).toEqual(["originals/spring/cover.jpg", "originals/odd.jpg"]);
  });
});

test("no decoder but those of the five types is open", async () => {
  for (const file of [Buffer.from(SCRIPT), await sharp(photograph).tiff().toBuffer()]) {
    await expect(draw(file, 320, "jpeg", 10)).rejects.toThrow(/^no picture/);
  }
});

describe("the original takes the place of its thumbnail", () => {
  const ORIGINAL = "/originals/spring/cover.jpg";

  test("where it is damaged", async () => {
    bucket.put("originals/spring/cover.jpg", photograph.subarray(0, photograph.length / 2));

    expect(await destination(COVER)).toBe(ORIGINAL);
    expect([...bucket.stored.keys()]).toEqual(["originals/spring/cover.jpg"]);
  });

  test.each<[string, number | "hang up" | "cut off"]>([
    ["HEAD originals", 503],
    ["HEAD originals", 403],
    ["HEAD originals", "hang up"],
    ["GET originals", 412],
    ["GET originals", "cut off"],
    ["HEAD thumbnails", 500],
    ["PUT thumbnails", 403],
    ["PUT thumbnails", "hang up"],
  ])("where S3 answers %s with %s", async (call, failure) => {
    bucket.failures.set(call, failure);

    expect(await destination(COVER)).toBe(ORIGINAL);
  });

  test("where S3 does not answer in time", async () => {
    bucket.failures.set("HEAD originals", "hang");
    const impatient = thumbnail({ bucket: "images", region: "ap-northeast-2", endpoint: bucket.url }, 100);

    expect(await ask(COVER, "w=640", "jpeg", impatient)).toMatchObject({ uri: ORIGINAL });
  });

  test("where it has become another one meanwhile", async () => {
    const other = Buffer.from(photograph.toString("latin1").replace("Telephone", "telephone"), "latin1");
    bucket.afterwards.set("HEAD originals/spring/cover.jpg", () => bucket.put("originals/spring/cover.jpg", other));

    expect(await destination(COVER)).toBe(ORIGINAL);
    expect([...bucket.stored.keys()]).toEqual(["originals/spring/cover.jpg"]);
  });

  async function respond(uri: string, status: string, type?: string) {
    const headers: CloudFrontHeaders = { "cache-control": [{ key: "Cache-Control", value: "max-age=31536000" }] };
    if (type !== undefined) {
      headers["content-type"] = [{ key: "Content-Type", value: type }];
    }
    const response = { status, statusDescription: "", headers };
    const event: CloudFrontResponseEvent = {
      Records: [{ cf: { config: config("origin-response"), request: request(uri, ""), response } }],
    };
    const result = (await handler(event)) as CloudFrontResultResponse;
    return { status: result.status, cacheControl: result.headers?.["cache-control"]?.[0]?.value, result };
  }

  test("for a minute, and is not guessed at", async () => {
    const { status, cacheControl, result } = await respond(ORIGINAL, "200", "image/jpeg");

    expect([status, cacheControl]).toEqual(["200", "public, max-age=60"]);
    expect(result.headers?.["x-content-type-options"]?.[0]?.value).toBe("nosniff");
  });

  test.each(["image/svg+xml", "text/html", "application/zip", undefined])("unless it is stored as %s", async (type) => {
    expect((await respond(ORIGINAL, "200", type)).status).toBe("415");
    expect((await respond(ORIGINAL, "206", type)).status).toBe("415");
  });

  test("while a thumbnail and an answer of S3 stay as they are", async () => {
    expect((await respond("/thumbnails/v1/0/640.webp", "200", "image/webp")).cacheControl).toBe("max-age=31536000");
    expect((await respond(ORIGINAL, "304")).cacheControl).toBe("public, max-age=60");
    expect((await respond(ORIGINAL, "503", "application/xml")).status).toBe("503");
  });
});

test.each([
  [{}, "bucket"],
  [{ bucket: "images" }, "region"],
  [{ bucket: "images", region: "ap-northeast-2", endpoint: "4566" }, "endpoint"],
])("a wrong config.json is told at init: %j", (wrong, field) => {
  expect(() => thumbnail(wrong)).toThrow(`config.json: ${field}`);
});
