import { readFileSync } from "node:fs";
import { closeWithinBody, hang, refuse, reset, send, startAws } from "@backline/lambda-edge/testing";
import type { CloudFrontHeaders, CloudFrontRequest, CloudFrontResultResponse } from "aws-lambda";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { shortUrl } from "../src/short-url.ts";

interface Case {
  name: string;
  method?: string;
  path: string;
  repeat?: number;
  request?: Record<string, string>;
  status: number;
  counted?: boolean;
  headers?: Record<string, string | null>;
}

const { links, cases }: { links: Record<string, string | boolean>[]; cases: Case[] } = JSON.parse(
  readFileSync(
    new URL("../../../../services/redirector/src/test/resources/redirect-cases.json", import.meta.url),
    "utf8",
  ),
);

const PHONE =
  "Mozilla/5.0 (Linux; Android 15; SM-S928N) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Mobile Safari/537.36";
const TARGET = "https://example.com/concert?city=seoul&x=%20#seats";

/** Longer than a busy machine takes, and shorter than what a test waits on purpose. */
const PATIENT = { budgetMillis: 20_000, clickBudgetMillis: 20_000 };
const HASTY = { budgetMillis: 50, clickBudgetMillis: 50 };

let aws: Awaited<ReturnType<typeof startAws>>;
let logged: Record<string, unknown>[];

beforeEach(async () => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local");
  vi.stubEnv("AWS_REGION", "ap-northeast-2");
  logged = [];
  vi.spyOn(process.stdout, "write").mockImplementation((line) => {
    logged.push(JSON.parse(String(line)));
    return true;
  });
  aws = await startAws();
  for (const link of links) {
    put(link);
  }
});

afterEach(async () => {
  await aws.stop();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

function put(link: Record<string, string | boolean>): void {
  const attributes = Object.entries(link).map(([name, value]) => [
    name,
    typeof value === "boolean" ? { BOOL: value } : { S: value },
  ]);
  aws.items.set(String(link.code), Object.fromEntries(attributes));
}

function config(more: object = {}) {
  return {
    shortUrl: "https://go.example.com",
    table: "links",
    replicas: ["ap-northeast-2", "us-east-1"],
    clicksQueueUrl: `${aws.endpoint}/000000000000/clicks`,
    clicksRegion: "ap-northeast-2",
    endpoint: aws.endpoint,
    ...PATIENT,
    ...more,
  };
}

function request(path: string, sent: Record<string, string> = {}, method = "GET"): CloudFrontRequest {
  const [uri = "", querystring = ""] = path.split("?", 2);
  const headers: CloudFrontHeaders = Object.fromEntries(
    Object.entries({ "User-Agent": PHONE, ...sent }).map(([key, value]) => [key.toLowerCase(), [{ key, value }]]),
  );
  return { clientIp: "203.0.113.7", method, uri, querystring, headers };
}

type Result = CloudFrontRequest | CloudFrontResultResponse;
type Handler = ReturnType<typeof shortUrl>;

async function at(sent: CloudFrontRequest, handler: Handler = shortUrl(config())): Promise<Result> {
  const from = { distributionDomainName: "d1.cloudfront.net", distributionId: "E1", requestId: "request-1" };
  return handler({ Records: [{ cf: { config: { ...from, eventType: "origin-request" }, request: sent } }] });
}

function isResponse(result: Result): result is CloudFrontResultResponse {
  return "status" in result;
}

/** Headers as CloudFront sends them, which sets the length itself. */
function headersOf(response: CloudFrontResultResponse): Record<string, string> {
  const headers = Object.values(response.headers ?? {}).flat();
  return Object.fromEntries([
    ...headers.map(({ key = "", value }) => [key.toLowerCase(), value]),
    ["content-length", String(Buffer.byteLength(response.body ?? ""))],
  ]);
}

async function locationOf(path: string, handler?: Handler): Promise<string | undefined> {
  const result = await at(request(path), handler);
  return isResponse(result) ? headersOf(result).location : undefined;
}

async function expectPassed(path: string, handler?: Handler): Promise<void> {
  expect(await at(request(path), handler)).toEqual(request(path));
  expect(aws.messages).toEqual([]);
}

async function clickFor(sent: Record<string, string>): Promise<Record<string, unknown>> {
  await at(request("/active1", sent));
  return JSON.parse(aws.messages.at(-1)?.MessageBody ?? "{}").clicks[0];
}

describe("the table that the redirector's tests run too", () => {
  test.each(cases)("$name", async ({ method, path, repeat = 1, request: headers, ...expected }) => {
    const sent = () => request(`/${path.slice(1).repeat(repeat)}`, headers, method);

    const result = await at(sent());

    if (expected.status === 302) {
      const response = result as CloudFrontResultResponse;
      expect(response.status).toBe("302");
      for (const [name, value] of Object.entries(expected.headers ?? {})) {
        expect(headersOf(response)[name.toLowerCase()], name).toBe(value ?? undefined);
      }
    } else {
      expect(result).toEqual(sent());
    }
    expect(aws.messages).toHaveLength(expected.counted ? 1 : 0);
  });

  test("has links to follow and others", () => {
    expect(cases.filter(({ status }) => status === 302).length).toBeGreaterThan(5);
    expect(cases.filter(({ status }) => status !== 302).length).toBeGreaterThan(30);
  });
});

test("a redirect has the redirector's headers and no other", async () => {
  const response = (await at(request("/active1"))) as CloudFrontResultResponse;
  expect(response).not.toHaveProperty("body");
  expect(headersOf(response)).toEqual({
    location: TARGET,
    "cache-control": "private, no-store",
    "referrer-policy": "strict-origin-when-cross-origin",
    "x-robots-tag": "noindex",
    "x-content-type-options": "nosniff",
    "content-length": "0",
  });
});

test("only what can be a code is looked up", async () => {
  for (const path of ["/", "/robots.txt", "/active1+", "/active1.png", "/a%2fb", "/%zz", "/%ff", "/%00", "/a%0d%0ab"]) {
    await at(request(path));
  }
  await at(request("/active1", {}, "POST"));
  expect(aws.reads).toEqual([]);
});

test("a code is looked up in NFC, in the table of the configuration", async () => {
  await at(request(`/${encodeURIComponent("봄소풍".normalize("NFD"))}`));
  expect(aws.reads).toMatchObject([{ TableName: "links", Key: { code: { S: "봄소풍" } } }]);
});

test("a link that ends while it is followed is followed no more", async () => {
  const handler = shortUrl(config());
  put({ code: "ending", targetUrl: TARGET, expiresAt: new Date(Date.now() + 60_000).toISOString() });
  expect(await locationOf("/ending", handler)).toBe(TARGET);
  put({ code: "ending", targetUrl: TARGET, expiresAt: new Date(Date.now() - 1).toISOString() });
  expect(await locationOf("/ending", handler)).toBeUndefined();
});

describe("an item that is not be-api's passes to the redirector", () => {
  test.each<[string, object]>([
    ["without a target", { code: { S: "odd" } }],
    ["a target that is a number", { targetUrl: { N: "1" } }],
    ["a target that is null", { targetUrl: null }],
    ["a target with half a character", { targetUrl: { S: "https://example.com/\ud83c" } }],
    ["a target of another scheme", { targetUrl: { S: "data:text/html,x" } }],
    ["a target that begins with a line break", { targetUrl: { S: "\r\nhttps://example.com" } }],
    ["disabled as text", { targetUrl: { S: TARGET }, disabled: { S: "no" } }],
    ["disabled as null", { targetUrl: { S: TARGET }, disabled: null }],
    ["deleted as a number", { targetUrl: { S: TARGET }, deletedAt: { N: "0" } }],
    ["an expiry that is a number", { targetUrl: { S: TARGET }, expiresAt: { N: "4070908800" } }],
    ["an expiry without a zone", { targetUrl: { S: TARGET }, expiresAt: { S: "2099-01-01T00:00:00" } }],
    ["an expiry in the 25th hour", { targetUrl: { S: TARGET }, expiresAt: { S: "2099-01-01T25:00:00Z" } }],
  ])("%s", async (_name, item) => {
    aws.items.set("odd", item);
    await expectPassed("/odd");
    expect(logged).toEqual([]);
  });
});

describe("when DynamoDB does not give an answer, the request passes to the redirector unchanged", () => {
  test.each([
    ["refuses", refuse(400, "ResourceNotFoundException")],
    ["fails", refuse(500, "InternalServerError")],
    ["throttles", refuse(400, "ThrottlingException")],
    ["resets the connection", reset],
    ["closes the connection within the body", closeWithinBody],
    ["answers no JSON", send("<html>")],
    ["answers no object", send("[]")],
    ["answers an item that is no object", send('{"Item":"x"}')],
  ])("it %s", async (_name, answer) => {
    aws.answers.getItem = answer;
    await expectPassed("/active1");
    expect(logged).toMatchObject([{ level: "warn", message: expect.stringContaining("links cannot be read") }]);
  });

  test("it does not answer in time", async () => {
    aws.answers.getItem = hang;
    await expectPassed("/active1", shortUrl(config(HASTY)));
  });

  test("nothing listens", async () => {
    const handler = shortUrl(config({ endpoint: "http://127.0.0.1:1" }));
    await expectPassed("/active1", handler);
  });

  test("an outage is logged once, and its end", async () => {
    const handler = shortUrl(config());
    aws.answers.getItem = refuse(400, "AccessDeniedException");
    await at(request("/active1"), handler);
    await at(request("/active1"), handler);
    delete aws.answers.getItem;
    expect(await locationOf("/active1", handler)).toBe(TARGET);
    expect(logged.map(({ message }) => message)).toEqual([
      "links cannot be read, requests pass to the redirector",
      "links can be read again",
    ]);
  });
});

describe("a click", () => {
  test("is the redirector's message, with nothing personal and its trace", async () => {
    const sent = {
      Referer: "https://blog.naver.com/someone/private?q=secret",
      "CloudFront-Viewer-Country": "KR",
      "X-Amzn-Trace-Id": "Root=1-67891233-abcdef012345678912345678;Sampled=1",
    };
    const before = Date.now() - 1_000;
    await at(request("/active1?q=secret", sent));

    const [message] = aws.messages;
    expect(message?.QueueUrl).toBe(config().clicksQueueUrl);
    expect(message?.MessageBody).not.toMatch(/203\.0\.113|secret|private|Mozilla/);
    expect(message?.MessageSystemAttributes?.AWSTraceHeader.StringValue).toBe(sent["X-Amzn-Trace-Id"]);
    const body = JSON.parse(message?.MessageBody ?? "");
    expect(body).toEqual({
      type: "clicks.v1",
      batch: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      clicks: [
        {
          at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
          code: "active1",
          country: "KR",
          device: "mobile",
          referrer: "blog.naver.com",
          kind: "person",
        },
      ],
    });
    expect(Date.parse(body.clicks[0].at)).toBeGreaterThanOrEqual(before);
    expect(logged).toEqual([]);
  });

  test("has a batch of its own", async () => {
    const handler = shortUrl(config());
    await at(request("/active1"), handler);
    await at(request("/active1"), handler);
    expect(new Set(aws.messages.map(({ MessageBody }) => JSON.parse(MessageBody).batch)).size).toBe(2);
  });

  test("says which code was followed, not how it was written", async () => {
    await at(request(`/${encodeURIComponent("봄소풍".normalize("NFD"))}`));
    expect(JSON.parse(aws.messages[0]?.MessageBody ?? "").clicks[0].code).toBe("봄소풍");
  });

  test.each([
    ["prefetch", "Sec-Purpose", "prefetch"],
    ["prerender", "Sec-Purpose", "prefetch;prerender"],
    ["Safari's preview", "Purpose", "preview"],
  ])("of a browser that fetches ahead is a preview: %s", async (_name, header, value) => {
    expect(await clickFor({ [header]: value })).toMatchObject({ kind: "preview", device: "mobile" });
  });

  test.each([
    ["preview", "facebookexternalhit/1.1;kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984"],
    ["bot", "Mozilla/5.0 (compatible; Yeti/1.1; +http://naver.me/spd)"],
    ["bot", ""],
    ["bot", "Amazon CloudFront"],
  ])("of a program says so: %s", async (kind, userAgent) => {
    expect(await clickFor({ "User-Agent": userAgent })).toMatchObject({ kind, device: "other" });
  });

  test.each(["kr", "KOR", "K", "", "K1", "한국", "K\n"])(
    "has no country where the header is none: %j",
    async (country) => {
      expect(await clickFor({ "CloudFront-Viewer-Country": country })).toMatchObject({ country: null });
    },
  );

  test.each([
    ["https://Blog.Naver.com/someone/2231?x=1#top", "blog.naver.com"],
    ["http://example.com:8080", "example.com"],
    ["HTTPS://example.com.", "example.com"],
    ["https://who:secret@example.com/", "example.com"],
    ["https://who@where@example.com:8080/", "example.com"],
    ["https://콘서트.한국/공연", "xn--2i4b93xdsc.xn--3e0b707e"],
    [`https://${"label.".repeat(40)}com/`, `${"label.".repeat(40)}com`.slice(0, 100)],
  ])("keeps of the referring page its host: %s", async (referer, referrer) => {
    expect(await clickFor({ Referer: referer })).toMatchObject({ referrer });
  });

  test.each([
    "https://go.example.com/abc",
    "https://GO.example.com",
    "https://192.168.0.12/photos",
    "http://[::1]:8080/",
    "about:blank",
    "android-app://com.kakao.talk",
    "https://",
    "https:///x",
    "https://?",
    "https://..",
    "https://a b/",
    "https://%65xample.com/",
    "https://<script>",
    `https://example.com/${"x".repeat(4_096)}`,
    "nonsense",
    "",
  ])("has no referrer from our own pages, addresses and nonsense: %s", async (referer) => {
    expect(await clickFor({ Referer: referer })).toMatchObject({ referrer: null });
  });
});

describe("a redirect does not depend on SQS", () => {
  test("a message that is not confirmed in time is logged as it was sent, and sent all the same", async () => {
    aws.answers.sendMessage = hang;
    expect(await locationOf("/active1", shortUrl(config({ clickBudgetMillis: 50 })))).toBe(TARGET);

    await vi.waitFor(() => expect(aws.messages).toHaveLength(1));
    expect(logged).toMatchObject([
      { level: "warn", message: "click not confirmed, replay by sending the field 'replay'", requestId: "request-1" },
    ]);
    expect(logged[0]?.replay).toBe(aws.messages[0]?.MessageBody);
  });

  test.each([
    ["refuses", refuse(400, "QueueDoesNotExist")],
    ["fails", refuse(503, "ServiceUnavailable")],
    ["resets the connection", reset],
    ["answers nonsense", send("<html>")],
  ])("it %s", async (_name, answer) => {
    aws.answers.sendMessage = answer;
    expect(await locationOf("/active1")).toBe(TARGET);
    expect(logged).toHaveLength(1);
    expect(JSON.parse(String(logged[0]?.replay))).toMatchObject({ type: "clicks.v1", clicks: [{ code: "active1" }] });
    expect(new Set(aws.messages.map(({ MessageBody }) => MessageBody))).toEqual(new Set([logged[0]?.replay]));
  });
});

describe("a wrong configuration fails at init and names the field", () => {
  test.each([
    ["shortUrl", { shortUrl: "go.example.com" }],
    ["table", { table: "" }],
    ["replicas", { replicas: [] }],
    ["clicksQueueUrl", { clicksQueueUrl: "clicks" }],
    ["clicksRegion", { clicksRegion: undefined }],
    ["endpoint", { endpoint: 4566 }],
    ["budgetMillis", { budgetMillis: "300" }],
    ["clickBudgetMillis", { clickBudgetMillis: 0 }],
  ])("%s", (field, wrong) => {
    expect(() => shortUrl(config(wrong))).toThrow(field);
  });
});
