import { describe, expect, test } from "vitest";
import type { OriginRequestPolicy, ResponseHeadersPolicy } from "../src/configuration/model.ts";
import { ALL_METHODS, ask, origin, page, place, settings, start } from "./desk.ts";

const SENT = {
  "user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148",
  "accept-language": "ko",
  "x-other": "1",
  cookie: "session=1; lang=ko",
  authorization: "Bearer x",
};

async function arrives(
  policy: OriginRequestPolicy,
  {
    cache = {},
    headers = {},
    behavior = {},
    path = "/a?x=1&y=2",
  }: Record<string, object | string> & { path?: string } = {},
) {
  const service = await origin(page("hello"));
  const distributions = settings({
    cache: cache as object,
    behavior: { originRequestPolicy: "tested", ...(behavior as object) },
    more: { originRequestPolicies: { tested: policy } },
  });
  const environment = { ...place(service.url), countries: { default: "KR", networks: { "127.0.0.2/32": "US" } } };
  const edge = await start(distributions, environment);
  await ask(edge, path, { headers: { ...SENT, ...(headers as object) } });
  const [request] = service.requests;
  const got: Record<string, string | string[] | undefined> = { ...request?.headers };
  return { ...got, url: request?.url, service: service.url.slice(7) } as typeof got;
}

describe("an origin gets", () => {
  test("nothing of the viewer's without a policy, and CloudFront's own headers", async () => {
    const got = await arrives({});
    expect(Object.keys(got).sort()).toEqual(
      [
        "connection",
        "host",
        "service",
        "url",
        "user-agent",
        "via",
        "x-amz-cf-id",
        "x-amzn-trace-id",
        "x-forwarded-for",
      ].sort(),
    );
    expect(got).toMatchObject({ "user-agent": "Amazon CloudFront", "x-forwarded-for": "127.0.0.1", url: "/a" });
    expect(got["host"]).toBe(got["service"]);
    expect(got["via"]).toMatch(/\.cloudfront\.net \(CloudFront\)$/);
    expect(got["x-amzn-trace-id"]).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
  });

  test("what a policy names", async () => {
    const got = await arrives({ headers: ["User-Agent", "X-Missing"], queryStrings: ["y"], cookies: ["lang"] });
    expect(got).toMatchObject({ "user-agent": SENT["user-agent"], cookie: "lang=ko", url: "/a?y=2" });
    expect(got).not.toHaveProperty("x-other");
  });

  test("everything of the viewer's with its Host, where the policy says all", async () => {
    const got = await arrives({ headers: "all", queryStrings: "all", cookies: "all" });
    expect(got).toMatchObject({ ...SENT, host: "localhost", url: "/a?x=1&y=2" });
  });

  test("all but what is excepted", async () => {
    const got = await arrives({
      headers: { allExcept: ["X-Other", "host"] },
      queryStrings: { except: ["x"] },
      cookies: { except: ["session"] },
    });
    expect(got).toMatchObject({ "accept-language": "ko", cookie: "lang=ko", url: "/a?y=2" });
    expect(got["host"]).toBe(got["service"]);
    expect(got).not.toHaveProperty("x-other");
  });

  test("what is in the cache key, too", async () => {
    const cache = { headers: ["x-other"], queryStrings: ["x"], cookies: ["session"] };
    expect(await arrives({ queryStrings: ["y"] }, { cache })).toMatchObject({
      "x-other": "1",
      cookie: "session=1",
      url: "/a?x=1&y=2",
    });
  });

  test("CloudFront's headers where a policy asks for them", async () => {
    const names = ["Viewer-Country", "Is-Mobile-Viewer", "Is-Desktop-Viewer", "Is-IOS-Viewer", "Is-Tablet-Viewer"];
    const got = await arrives({ headers: names.map((name) => `CloudFront-${name}`) });
    expect(got).toMatchObject({
      "cloudfront-viewer-country": "KR",
      "cloudfront-is-mobile-viewer": "true",
      "cloudfront-is-desktop-viewer": "false",
      "cloudfront-is-ios-viewer": "true",
      "cloudfront-is-tablet-viewer": "false",
    });
    const all = await arrives({ headers: { allAnd: ["CloudFront-Viewer-Country", "CloudFront-Viewer-Address"] } });
    expect(all).toMatchObject({ "x-other": "1", "cloudfront-viewer-country": "KR" });
    expect(all).toHaveProperty("cloudfront-viewer-address");
  });

  test("none that only CloudFront may say, however they were forged", async () => {
    const headers = {
      "CloudFront-Viewer-Country": "XX",
      "CloudFront-Is-Mobile-Viewer": "maybe",
      "CloudFront-Anything": "1",
      "X-Amz-Cf-Id": "forged",
      "X-Edge-Something": "1",
      "X-Forwarded-Proto": "https",
      "X-Real-Ip": "1.2.3.4",
      Expect: "100-continue",
      "Proxy-Authorization": "x",
    };
    const got = await arrives({ headers: "all" }, { headers });
    for (const name of Object.keys(headers).filter((each) => each !== "X-Amz-Cf-Id")) {
      expect(got).not.toHaveProperty(name.toLowerCase());
    }
    expect(got["x-amz-cf-id"]).toMatch(/==$/);
    expect(await arrives({ headers: ["CloudFront-Viewer-Country"] }, { headers })).toMatchObject({
      "cloudfront-viewer-country": "KR",
    });
    // One that a policy asks for and that is not known here.
    expect(await arrives({ headers: ["CloudFront-Anything"] }, { headers })).not.toHaveProperty("cloudfront-anything");
  });

  test("the viewer's address at the end of X-Forwarded-For", async () => {
    expect(await arrives({}, { headers: { "x-forwarded-for": "192.0.2.4" } })).toMatchObject({
      "x-forwarded-for": "192.0.2.4, 127.0.0.1",
    });
  });

  test("a trace id that the viewer began, and a new one in the place of nonsense", async () => {
    const id = "Root=1-67891233-abcdef012345678912345678;Parent=463ac35c9f6413ad;Sampled=1";
    expect(await arrives({}, { headers: { "x-amzn-trace-id": id } })).toMatchObject({ "x-amzn-trace-id": id });
    const made = await arrives({}, { headers: { "x-amzn-trace-id": "Root=x" } });
    expect(made["x-amzn-trace-id"]).toMatch(/^Root=1-/);
  });

  test("Accept-Encoding as the cache policy normalises it", async () => {
    const cache = { acceptEncoding: ["gzip", "br"] };
    const encoding = async (value?: string) =>
      (
        (await arrives({}, { cache, headers: value === undefined ? {} : { "accept-encoding": value } })) as Record<
          string,
          unknown
        >
      )["accept-encoding"];
    expect(await encoding("gzip, deflate, br, zstd")).toBe("br,gzip");
    expect(await encoding("gzip;q=0.5")).toBe("gzip");
    expect(await encoding("deflate")).toBe("identity");
    expect(await encoding()).toBeUndefined();
  });

  test("no header that belongs to the viewer's connection", async () => {
    const headers = { connection: "close, x-other", te: "trailers", "keep-alive": "1" };
    const got = await arrives({ headers: "all" }, { headers });
    expect(got).not.toHaveProperty("x-other");
    expect(got).not.toHaveProperty("te");
    expect(got).not.toHaveProperty("keep-alive");
  });
});

test("a body arrives with its type, also where no policy forwards it", async () => {
  const service = await origin(page("stored"));
  const behavior = { cachePolicy: "uncached", allowedMethods: ALL_METHODS };
  const edge = await start(settings({ behavior }), place(service.url));
  const headers = { "content-type": "application/json", "if-match": '"1"' };
  await ask(edge, "/a", { method: "PATCH", body: "{}", headers });
  expect(service.requests[0]).toMatchObject({ method: "PATCH", body: "{}", headers });
});

describe("a viewer gets", () => {
  async function sees(headers: Record<string, string>, policy?: ResponseHeadersPolicy, cache: object = {}) {
    const service = await origin(page("hello", headers));
    const distributions = settings({
      cache,
      ...(policy && {
        behavior: { responseHeadersPolicy: "tested" },
        more: { responseHeadersPolicies: { tested: policy } },
      }),
    });
    const edge = await start(distributions, place(service.url));
    await ask(edge, "/a");
    return (await ask(edge, "/a")).headers;
  }

  test("no header that CloudFront removes or says itself", async () => {
    const got = await sees({
      via: "1.1 other",
      "x-cache": "HIT from origin",
      "x-amz-cf-id": "forged",
      "x-edge-location": "X",
      "set-cookie": "a=1",
      upgrade: "h2c",
      "keep-alive": "timeout=1000",
    });
    expect(got["x-cache"]).toBe("Hit from cloudfront");
    expect(got["via"]).toMatch(/^1\.1 [0-9a-f]{32}/);
    expect(got["x-amz-cf-id"]).toMatch(/==$/);
    for (const name of ["set-cookie", "upgrade", "x-edge-location"]) {
      expect(got).not.toHaveProperty(name);
    }
  });

  test("cookies where the policy forwards cookies", async () => {
    expect(await sees({ "set-cookie": "a=1" }, undefined, { cookies: "all" })).toHaveProperty("set-cookie", "a=1");
  });

  test("of Vary what is forwarded", async () => {
    const vary = "Accept-Encoding, X-Viewer-Kind, User-Agent";
    expect(await sees({ vary }, undefined, { headers: ["x-viewer-kind"] })).toHaveProperty(
      "vary",
      "Accept-Encoding, X-Viewer-Kind",
    );
    expect(await sees({ vary: "User-Agent" })).not.toHaveProperty("vary");
  });

  test("the headers of a response headers policy, on hits and misses", async () => {
    const policy: ResponseHeadersPolicy = {
      contentSecurityPolicy: "default-src 'self'",
      contentTypeOptions: true,
      frameOptions: "DENY",
      referrerPolicy: "no-referrer",
      strictTransportSecurity: { maxAge: 31536000, includeSubdomains: true, preload: true },
      headers: { "Permissions-Policy": "camera=()" },
      remove: ["X-Powered-By", "Server"],
    };
    const got = await sees({ "x-powered-by": "x", server: "y", "referrer-policy": "origin" }, policy);
    expect(got).toMatchObject({
      "content-security-policy": "default-src 'self'",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "no-referrer",
      "strict-transport-security": "max-age=31536000; includeSubDomains; preload",
      "permissions-policy": "camera=()",
      server: "CloudFront",
    });
    expect(got).not.toHaveProperty("x-powered-by");
  });

  test("the origin's own header where the policy does not override", async () => {
    const policy: ResponseHeadersPolicy = { override: false, referrerPolicy: "no-referrer", frameOptions: "DENY" };
    expect(await sees({ "referrer-policy": "origin" }, policy)).toMatchObject({
      "referrer-policy": "origin",
      "x-frame-options": "DENY",
    });
  });
});
