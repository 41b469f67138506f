import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Behavior } from "../src/configuration/model.ts";
import { type Ask, ask, origin, page, place, result, settings, start } from "./desk.ts";

type Codes = Partial<Record<keyof NonNullable<Behavior["functions"]>, string>>;

/** Writes bundles, `cloudfront-js-2.0` where the code has a handler of its own, Lambda@Edge else. */
async function edgeWith(codes: Codes, target: string, changes: Parameters<typeof settings>[0] = {}) {
  const bundles = mkdtempSync(join(tmpdir(), "edge-bundles-"));
  onTestFinished(() => rmSync(bundles, { recursive: true }));
  const write = (event: string, code: string) => {
    mkdirSync(join(bundles, event), { recursive: true });
    const small = code.includes("function handler");
    const script = small
      ? code
      : `exports.handler = async ({ Records: [{ cf: { request, response } }] }) => { ${code} };`;
    writeFileSync(join(bundles, event, "index.js"), script);
  };
  const functions = Object.fromEntries(
    Object.entries(codes).map(([event, code]) => {
      write(event, code);
      return [event, { runtime: code.includes("function handler") ? "cloudfront-js-2.0" : "nodejs24.x" }] as const;
    }),
  );
  const attached = Object.fromEntries(Object.keys(codes).map((event) => [event, event]));
  const distributions = settings({
    ...changes,
    behavior: { functions: attached, ...changes.behavior },
    more: { functions, ...changes.more } as never,
  });
  const environment = { ...place(target), countries: { default: "KR" } };
  return { edge: await start(distributions, environment, { bundles }), write };
}

const kind = `function handler(event) {
  const agent = event.request.headers["user-agent"];
  event.request.headers["x-viewer-kind"] = { value: agent && agent.value.includes("scrap") ? "preview" : "human" };
  return event.request;
}`;

test("a viewer-request function decides the key: a forged header changes nothing", async () => {
  const service = await origin((request, response) =>
    page(String(request.headers["x-viewer-kind"]))(request, response),
  );
  const { edge } = await edgeWith({ "viewer-request": kind }, service.url, { cache: { headers: ["x-viewer-kind"] } });
  const as = (agent: string, forged?: string): Promise<string> => {
    const headers: Ask = { headers: { "user-agent": agent, ...(forged && { "x-viewer-kind": forged }) } };
    return ask(edge, "/campaigns/x", headers).then(({ body }) => body);
  };
  expect(await as("kakaotalk-scrap/1.0")).toBe("preview");
  expect(await as("Safari", "preview")).toBe("human");
  expect(await as("kakaotalk-scrap/1.0", "human")).toBe("preview");
  expect(await as("Chrome")).toBe("human");
  expect(service.requests).toHaveLength(2);
});

test("an origin-request function answers in the origin's place, and its answer is kept", async () => {
  const service = await origin(page("hello"));
  const code = `return { status: "200", headers: { "cache-control": [{ value: "max-age=60" }] }, body: "made " + request.uri };`;
  const { edge } = await edgeWith({ "origin-request": code }, service.url);
  const first = await ask(edge, "/a");
  expect([result(first), first.body, first.headers["server"]]).toEqual([
    "LambdaGeneratedResponse",
    "made /a",
    "CloudFront",
  ]);
  expect(result(await ask(edge, "/a"))).toBe("Hit");
  expect(service.requests).toHaveLength(0);
});

test("an origin-request function changes what the origin is asked", async () => {
  const service = await origin(page("hello"));
  const code = `request.uri = "/index.html"; request.querystring = "x=1"; request.headers["x-added"] = [{ key: "X-Added", value: "yes" }]; return request;`;
  const { edge } = await edgeWith({ "origin-request": code }, service.url);
  await ask(edge, "/campaigns/a");
  expect(service.requests[0]).toMatchObject({ url: "/index.html?x=1", headers: { "x-added": "yes" } });
  expect(result(await ask(edge, "/campaigns/a"))).toBe("Hit");
  expect(result(await ask(edge, "/index.html"))).toBe("Miss");
});

test("an origin-response function changes headers and status, keeps the body or replaces it, before the cache", async () => {
  const service = await origin((request, response) =>
    page("original", {}, request.url === "/lost" ? 404 : 200)(request, response),
  );
  const code = `response.headers["x-seen"] = [{ key: "X-Seen", value: response.status }];
    if (response.status === "404") return { ...response, status: "200", statusDescription: "OK", body: "instead" };
    return response;`;
  const { edge } = await edgeWith({ "origin-response": code }, service.url);
  const kept = await ask(edge, "/a");
  expect([kept.body, kept.headers["x-seen"]]).toEqual(["original", "200"]);
  const replaced = await ask(edge, "/lost");
  expect([replaced.status, replaced.body, replaced.headers["x-seen"]]).toEqual([200, "instead", "404"]);
  const again = await ask(edge, "/lost");
  expect([result(again), again.body]).toEqual(["Hit", "instead"]);
});

test("an origin-response function sees the 304 that renews an object, and decides how long it is kept", async () => {
  const service = await origin((request, response) => {
    const known = request.headers["if-none-match"] === '"v1"';
    response.writeHead(known ? 304 : 200, { etag: '"v1"', "cache-control": "max-age=100" });
    response.end(known ? undefined : "hello");
  });
  const code = `response.headers["cache-control"] = [{ key: "Cache-Control", value: "max-age=0" }];
    response.headers["x-seen"] = [{ key: "X-Seen", value: response.status }];
    return response;`;
  const { edge } = await edgeWith({ "origin-response": code }, service.url);
  await ask(edge, "/a");
  for (let i = 0; i < 2; i++) {
    const renewed = await ask(edge, "/a");
    expect([result(renewed), renewed.status, renewed.headers["x-seen"]]).toEqual(["RefreshHit", 200, "304"]);
    expect(renewed.body).toBe("hello");
  }
});

test("a viewer-response function runs on hits too, and not on errors", async () => {
  const service = await origin((request, response) =>
    page("hello", {}, request.url === "/lost" ? 404 : 200)(request, response),
  );
  const code = `function handler(event) { event.response.headers["x-last"] = { value: "yes" }; return event.response; }`;
  const { edge } = await edgeWith({ "viewer-response": code }, service.url);
  await ask(edge, "/a");
  const hit = await ask(edge, "/a");
  expect([result(hit), hit.headers["x-last"], hit.body]).toEqual(["Hit", "yes", "hello"]);
  expect((await ask(edge, "/lost")).headers).not.toHaveProperty("x-last");
});

test("a viewer-request function answers before the cache, and nothing after it runs", async () => {
  const service = await origin(page("hello"));
  const redirect = `function handler() { return { statusCode: 302, headers: { location: { value: "/new" } } }; }`;
  const last = `function handler(event) { event.response.headers["x-last"] = { value: "yes" }; return event.response; }`;
  const { edge } = await edgeWith({ "viewer-request": redirect, "viewer-response": last }, service.url);
  const got = await ask(edge, "/old");
  expect([got.status, got.headers["location"], result(got)]).toEqual([302, "/new", "FunctionGeneratedResponse"]);
  expect(got.headers).not.toHaveProperty("x-last");
  expect(service.requests).toHaveLength(0);
});

test("a function that fails is a 502 or 503 with the reason, and its answer is not kept", async () => {
  const service = await origin(page("hello"));
  const { edge } = await edgeWith({ "origin-request": `throw new Error("broken");` }, service.url);
  const got = await ask(edge, "/a");
  expect([got.status, result(got)]).toEqual([503, "LambdaExecutionError"]);
  expect(got.body).toContain("broken");
  expect((await ask(edge, "/a")).headers).not.toHaveProperty("age");
  const small = await edgeWith({ "viewer-request": `function handler() { return null; }` }, service.url);
  expect(result(await ask(small.edge, "/a"))).toMatch(/^Function(Execution|Validation)Error$/);
});

test("the country is there for a CloudFront Function at once, for Lambda@Edge at origin-request", async () => {
  const service = await origin(page("hello"));
  const more = { originRequestPolicies: { country: { headers: ["CloudFront-Viewer-Country"] } } };
  const changes = { behavior: { originRequestPolicy: "country" }, more };
  const small = `function handler(event) { return { statusCode: 200, headers: { "x-country": event.request.headers["cloudfront-viewer-country"] } }; }`;
  const lambda = `return { status: "200", headers: { "x-country": [{ value: request.headers["cloudfront-viewer-country"]?.[0].value ?? "none" }] } };`;
  const country = async (codes: Codes) =>
    (await ask((await edgeWith(codes, service.url, changes)).edge, "/")).headers["x-country"];
  expect(await country({ "viewer-request": small })).toBe("KR");
  expect(await country({ "viewer-request": lambda })).toBe("none");
  expect(await country({ "origin-request": lambda })).toBe("KR");
});

test("a function sees the request that CloudFront would show it", async () => {
  const service = await origin(page("hello"));
  const code = `return { status: "200", body: JSON.stringify(request) };`;
  const { edge } = await edgeWith({ "origin-request": code }, service.url, { cache: { queryStrings: ["w"] } });
  const seen = JSON.parse((await ask(edge, "/a?w=1&x=2", { headers: { "user-agent": "x", cookie: "a=1" } })).body);
  expect(seen).toMatchObject({ clientIp: "127.0.0.1", method: "GET", uri: "/a", querystring: "w=1" });
  expect(seen.headers["user-agent"]).toEqual([{ key: "User-Agent", value: "Amazon CloudFront" }]);
  expect(seen.headers.host).toEqual([{ key: "Host", value: "service.local-edge.internal" }]);
  expect(seen.headers).not.toHaveProperty("cookie");
  expect(seen.origin.custom).toMatchObject({ domainName: "service.local-edge.internal", path: "" });
});

test("a function chooses another origin of its distribution, its path and headers; one that is unknown is a 502", async () => {
  const [service, other] = await Promise.all([origin(page("service")), origin(page("other"))]);
  const choose = (name: string) =>
    `request.origin.custom.domainName = "${name}"; request.origin.custom.path = "/v2";
     request.origin.custom.customHeaders = { "x-by": [{ key: "X-By", value: "function" }] };
     request.headers.host = [{ key: "Host", value: "${name}" }]; return request;`;
  const run = async (name: string) => {
    const bundles = mkdtempSync(join(tmpdir(), "edge-bundles-"));
    onTestFinished(() => rmSync(bundles, { recursive: true }));
    mkdirSync(join(bundles, "choose"));
    const code = `exports.handler = async ({ Records: [{ cf: { request } }] }) => { ${choose(name)} };`;
    writeFileSync(join(bundles, "choose", "index.js"), code);
    const distributions = settings({
      behavior: { functions: { "origin-request": "choose" } },
      distribution: { origins: { service: { type: "http" }, other: { type: "http" } } },
      more: { functions: { choose: { runtime: "nodejs24.x" } } },
    });
    const origins = { service: { targets: [service.url] }, other: { targets: [other.url] } };
    return ask(await start(distributions, { ...place(service.url), origins }, { bundles }), "/a");
  };
  expect((await run("other.local-edge.internal")).body).toBe("other");
  expect(other.requests[0]).toMatchObject({ url: "/v2/a", headers: { "x-by": "function", host: other.url.slice(7) } });
  const unknown = await run("elsewhere.example.com");
  expect([unknown.status, unknown.body.includes("service.local-edge.internal, other.local-edge.internal")]).toEqual([
    502,
    true,
  ]);
});

test("a bundle that changes takes over; what is running is finished by the old one", async () => {
  const service = await origin(page("hello"));
  const { edge, write } = await edgeWith({ "origin-request": `return { status: "200", body: "old" };` }, service.url);
  expect((await ask(edge, "/1")).body).toBe("old");
  write("origin-request", `await new Promise((go) => setTimeout(go, 1000)); return { status: "200", body: "slow" };`);
  let count = 2;
  await expect.poll(async () => (await ask(edge, `/${count++}`)).body, { timeout: 20_000 }).toBe("slow");
  const running = ask(edge, "/running");
  write("origin-request", `return { status: "200", body: "new" };`);
  await expect.poll(async () => (await ask(edge, `/${count++}`)).body, { timeout: 20_000 }).toBe("new");
  expect((await running).body).toBe("slow");
});
