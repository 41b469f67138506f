import type { CloudFrontRequestEvent } from "aws-lambda";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { header, log, withRequest } from "../src/index.ts";

let written: string[];

beforeEach(() => {
  written = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => written.push(String(text)) > 0);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

function event(requestId: string, trace: string): CloudFrontRequestEvent {
  const headers = { "x-amzn-trace-id": [{ key: "X-Amzn-Trace-Id", value: trace }] };
  const request = { clientIp: "203.0.113.7", method: "GET", uri: "/", querystring: "", headers };
  const config = { distributionDomainName: "", distributionId: "", eventType: "origin-request", requestId } as const;
  return { Records: [{ cf: { config, request } }] };
}

test("a line has the function, the request and its trace", () => {
  vi.stubEnv("AWS_LAMBDA_FUNCTION_NAME", "us-east-1.og-tags");
  withRequest(event("r1", "Self=1;Root=1-67891233-abcdef012345678912345678;Sampled=?"), () =>
    log("warn", "Hello", { a: 1 }),
  );
  const line = JSON.parse(written[0] ?? "");
  expect(line).toEqual({
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    level: "warn",
    function: "us-east-1.og-tags",
    requestId: "r1",
    traceId: "1-67891233-abcdef012345678912345678",
    message: "Hello",
    a: 1,
  });
});

test("requests that run at the same time do not mix their lines", async () => {
  const work = async (name: string) => {
    await new Promise(setImmediate);
    log("info", name);
  };
  await Promise.all(["a", "b", "c"].map((name) => withRequest(event(name, ""), () => work(name))));
  expect(written.map((line) => JSON.parse(line))).toMatchObject(
    ["a", "b", "c"].map((name) => ({ requestId: name, message: name })),
  );
});

test("whatever is logged is one line", () => {
  log("error", "a\nb\u2028", { error: new TypeError("c\r\nd"), text: "\ud800" });
  expect(written).toHaveLength(1);
  expect(written[0]).toMatch(/^[^\n\r]+\n$/);
  expect(JSON.parse(written[0] ?? "")).toMatchObject({ error: "TypeError: c\r\nd" });
});

test("an event without a record is refused", () => {
  expect(() => withRequest({ Records: [] }, () => {})).toThrow("An event of CloudFront has a record");
});

test("a header is found by its name in any case, with all of its lines", () => {
  const headers = {
    accept: [
      { key: "Accept", value: "text/html" },
      { key: "accept", value: "image/avif" },
    ],
  };
  expect(header(headers, "ACCEPT")).toBe("text/html, image/avif");
  expect(header(headers, "host")).toBeUndefined();
});
