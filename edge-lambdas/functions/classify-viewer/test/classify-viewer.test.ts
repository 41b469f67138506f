import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundle } from "../../../build/bundle.ts";

type Headers = Record<string, { value: string; multiValue?: { value: string }[] }>;

const KAKAO_CARD = "facebookexternalhit/1.1;kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984";
const KAKAO_BROWSER =
  "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/131.0.0.0 Mobile Safari/537.36 KAKAOTALK/10.2.3 (INAPP)";
const GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

const directory = mkdtempSync(join(tmpdir(), "classify-viewer-"));
let script: string;

/** What is tested is what is deployed: the bundle, in a realm that has nothing of Node.js. */
beforeAll(async () => {
  await bundle(join(import.meta.dirname, ".."), "cloudfront-js-2.0", directory);
  script = readFileSync(join(directory, "index.js"), "utf8");
});

afterAll(() => rmSync(directory, { recursive: true }));

function headersAfter(headers: Headers): Headers {
  const event = {
    version: "1.0",
    context: { distributionDomainName: "d1.cloudfront.net", eventType: "viewer-request", requestId: "1" },
    viewer: { ip: "203.0.113.7" },
    request: { method: "GET", uri: "/campaigns/spring", querystring: {}, cookies: {}, headers },
  };
  const request = runInContext(`${script};JSON.stringify(handler(${JSON.stringify(event)}))`, createContext({}));
  return JSON.parse(request).headers;
}

function kindOf(headers: Headers): string | undefined {
  const header = headersAfter(headers)["x-viewer-kind"];
  expect(header).not.toHaveProperty("multiValue");
  return header?.value;
}

test("a card drawer gets the page with the tags", () => {
  expect(kindOf({ "user-agent": { value: KAKAO_CARD } })).toBe("preview");
});

test("the browser inside the same app is a person's", () => {
  expect(kindOf({ "user-agent": { value: KAKAO_BROWSER } })).toBe("human");
});

test("a search engine gets what people get", () => {
  expect(kindOf({ "user-agent": { value: GOOGLEBOT } })).toBe("human");
});

test("a request without a user agent, or with an empty one, gets what people get", () => {
  expect(kindOf({})).toBe("human");
  expect(kindOf({ "user-agent": { value: "" } })).toBe("human");
});

test("a user agent of 10 KB is looked at in front only", () => {
  expect(kindOf({ "user-agent": { value: "x".repeat(10_240) } })).toBe("human");
  expect(kindOf({ "user-agent": { value: `${"x".repeat(10_240)} kakaotalk-scrap` } })).toBe("human");
  expect(kindOf({ "user-agent": { value: KAKAO_CARD + "x".repeat(10_240) } })).toBe("preview");
});

test("of several user agents the one that CloudFront takes decides", () => {
  const agents = [{ value: KAKAO_BROWSER }, { value: KAKAO_CARD }];
  expect(kindOf({ "user-agent": { value: KAKAO_BROWSER, multiValue: agents } })).toBe("human");
});

describe("a forged header changes nothing", () => {
  test.each(["preview", "human", "nonsense", ""])("x-viewer-kind: %s", (forged) => {
    const header = { value: forged };
    expect(kindOf({ "user-agent": { value: KAKAO_BROWSER }, "x-viewer-kind": header })).toBe("human");
    expect(kindOf({ "user-agent": { value: KAKAO_CARD }, "x-viewer-kind": header })).toBe("preview");
    expect(kindOf({ "x-viewer-kind": header })).toBe("human");
  });

  test("sent several times", () => {
    const header = { value: "preview", multiValue: [{ value: "preview" }, { value: "human" }] };
    expect(kindOf({ "user-agent": { value: KAKAO_BROWSER }, "x-viewer-kind": header })).toBe("human");
  });
});

test("everything else stays as it was sent", () => {
  const sent: Headers = { "user-agent": { value: KAKAO_CARD }, host: { value: "backline.example" } };
  expect(headersAfter(sent)).toEqual({ ...sent, "x-viewer-kind": { value: "preview" } });
});

test("the bundle is well below CloudFront's 10 KB", () => {
  expect(Buffer.byteLength(script)).toBeLessThan(8_192);
});
