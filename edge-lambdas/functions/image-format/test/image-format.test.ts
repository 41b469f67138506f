import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundle } from "../../../build/bundle.ts";

interface Value {
  value: string;
  multiValue?: { value: string }[];
}
type Values = Record<string, Value>;

const CHROME = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8";
const SAFARI_15 = "image/webp,image/avif,image/jxl,image/heic,image/heic-sequence,video/*;q=0.8,image/png,*/*;q=0.5";
const KAKAO_CARD = "facebookexternalhit/1.1;kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984";

const directory = mkdtempSync(join(tmpdir(), "image-format-"));
let script: string;

/** What is tested is what is deployed: the bundle, in a realm that has nothing of Node.js. */
beforeAll(async () => {
  await bundle(join(import.meta.dirname, ".."), "cloudfront-js-2.0", directory);
  script = readFileSync(join(directory, "index.js"), "utf8");
});

afterAll(() => rmSync(directory, { recursive: true }));

function run(headers: Values, querystring: Values = {}): { headers: Values; querystring: Values } {
  const event = {
    version: "1.0",
    context: { distributionDomainName: "d1.cloudfront.net", eventType: "viewer-request", requestId: "1" },
    viewer: { ip: "203.0.113.7" },
    request: { method: "GET", uri: "/images/spring/cover.jpg", querystring, cookies: {}, headers },
  };
  return JSON.parse(runInContext(`${script};JSON.stringify(handler(${JSON.stringify(event)}))`, createContext({})));
}

function formatFor(accept: string | undefined, others: Values = {}): string | undefined {
  const headers = accept === undefined ? others : { ...others, accept: { value: accept } };
  return run(headers).headers["x-image-format"]?.value;
}

describe("the format", () => {
  test.each([
    [CHROME, "avif"],
    [SAFARI_15, "avif"],
    ["image/webp,*/*", "webp"],
    ["IMAGE/WEBP", "webp"],
    ["image/avif;q=0,image/webp;q=0.5", "webp"],
    ["image/avif; q=0.000 , image/webp;q=0", "jpeg"],
    ["image/*,*/*;q=0.8", "jpeg"],
    ["*/*", "jpeg"],
    ["", "jpeg"],
    [`${"x,".repeat(3000)}image/avif`, "avif"],
    [undefined, "jpeg"],
  ])("for %.80s is %s", (accept, format) => {
    expect(formatFor(accept)).toBe(format);
  });

  test("for a card drawer is JPEG, whatever it accepts", () => {
    expect(formatFor(CHROME, { "user-agent": { value: KAKAO_CARD } })).toBe("jpeg");
  });

  test("is read from all lines of the header", () => {
    const accept = { value: "*/*", multiValue: [{ value: "*/*" }, { value: "image/webp" }] };
    expect(run({ accept }).headers["x-image-format"]).toEqual({ value: "webp" });
  });

  test.each(["avif", "jpeg", "nonsense", ""])("is not what the client claims: %j", (forged) => {
    const header = { value: forged, multiValue: [{ value: forged }, { value: "avif" }] };
    expect(run({ accept: { value: "image/webp" }, "x-image-format": header }).headers["x-image-format"]).toEqual({
      value: "webp",
    });
  });
});

describe("the width", () => {
  test.each([
    [{ w: { value: "640" } }, "640"],
    [{ w: { value: "641" } }, "960"],
    [{ w: { value: "5000" } }, "1920"],
    [{ w: { value: "-1" } }, "1920"],
    [{ w: { value: "" } }, "1920"],
    [{ W: { value: "640" } }, "1920"],
    [{ w: { value: "320", multiValue: [{ value: "320" }, { value: "640" }] } }, "320"],
    [{}, "1920"],
  ])("of %j is %s", (querystring: Values, width) => {
    expect(run({}, querystring).querystring).toEqual({ w: { value: width } });
  });

  test("is all that is left of the query", () => {
    const querystring = { utm_source: { value: "kakao" }, w: { value: "320" }, __proto__: { value: "x" } };
    expect(run({}, querystring).querystring).toEqual({ w: { value: "320" } });
  });
});
