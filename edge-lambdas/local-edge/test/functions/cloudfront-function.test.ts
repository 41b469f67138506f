import { describe, expect, test } from "vitest";
import { edgeFunctions } from "../../src/functions/index.ts";
import { attempt, context, deployed, headers, passed, reason, request, response } from "./functions.ts";

function requestOf(outcome: Parameters<typeof passed>[0]) {
  const result = passed(outcome);
  if (result.kind !== "request") throw new Error("expected a request");
  return result.request;
}

function responseOf(outcome: Parameters<typeof passed>[0]) {
  const result = passed(outcome);
  if (result.kind !== "response") throw new Error("expected a response");
  return result;
}

/** What the function's expression comes to, as JSON in the body of its response. */
async function evaluated(expression: string, given = request()): Promise<unknown> {
  const { outcome } = await attempt({
    at: "viewer-request",
    request: given,
    cloudFront: `return { statusCode: 200, body: JSON.stringify(${expression}) };`,
  });
  return JSON.parse(String(responseOf(outcome).body));
}

describe("the event of a CloudFront Function", () => {
  test("has CloudFront's structure", async () => {
    const given = request({
      querystring: "ID=42&NoValue=&querymv=val1&querymv=val2,val3",
      headers: {
        ...headers({ Host: "video.example.com", Cookie: "Cookie1=value1; cookiemv=value3; cookiemv=value4" }),
        accept: [
          { key: "Accept", value: "application/json" },
          { key: "Accept", value: "text/html" },
        ],
      },
    });

    expect(await evaluated("event", given)).toEqual({
      version: "1.0",
      context: { ...context, eventType: "viewer-request" },
      viewer: { ip: "203.0.113.178" },
      request: {
        method: "GET",
        uri: "/campaigns/spring",
        querystring: {
          ID: { value: "42" },
          NoValue: { value: "" },
          querymv: { value: "val1", multiValue: [{ value: "val1" }, { value: "val2,val3" }] },
        },
        headers: {
          host: { value: "video.example.com" },
          accept: { value: "application/json", multiValue: [{ value: "application/json" }, { value: "text/html" }] },
        },
        cookies: {
          Cookie1: { value: "value1" },
          cookiemv: { value: "value3", multiValue: [{ value: "value3" }, { value: "value4" }] },
        },
      },
    });
  });

  test("has the response with its cookies at viewer-response", async () => {
    const { outcome } = await attempt({
      at: "viewer-response",
      response: response({
        headers: {
          ...headers({ "Content-Type": "text/html" }),
          "set-cookie": [
            { key: "Set-Cookie", value: "id=a=b; Secure; Path=/" },
            { key: "Set-Cookie", value: "id=c" },
          ],
        },
      }),
      cloudFront: "return { statusCode: 200, headers: {}, body: JSON.stringify(response) }",
    });

    expect(JSON.parse(String(responseOf(outcome).body))).toEqual({
      statusCode: 200,
      statusDescription: "OK",
      headers: { "content-type": { value: "text/html" } },
      cookies: {
        id: {
          value: "a=b",
          attributes: "Secure; Path=/",
          multiValue: [{ value: "a=b", attributes: "Secure; Path=/" }, { value: "c" }],
        },
      },
    });
  });

  test("takes names such as __proto__ from the viewer as ordinary keys", async () => {
    const given = request({ querystring: "__proto__=1&constructor=2", headers: { ["__proto__"]: [{ value: "3" }] } });

    expect(await evaluated("Object.keys(request.querystring).join() + ({}).polluted", given)).toBe(
      "__proto__,constructorundefined",
    );
  });
});

describe("what a CloudFront Function returns", () => {
  test("untouched is the request byte for byte", async () => {
    const given = request({
      querystring: "a&b=&&c=1&c=%20",
      headers: headers({ "X-ODD-case": "1", cookie: "a=1;b=2" }),
    });

    const { outcome } = await attempt({ at: "viewer-request", request: given, cloudFront: "return request" });

    expect(requestOf(outcome)).toEqual(given);
  });

  test("adds a header whose name is written with capitals", async () => {
    const { outcome } = await attempt({
      at: "viewer-request",
      cloudFront: "request.headers['x-viewer-kind'] = { value: 'human' }; return request",
    });

    expect(requestOf(outcome).headers["x-viewer-kind"]).toEqual([{ key: "X-Viewer-Kind", value: "human" }]);
  });

  test("changes cookies and query string", async () => {
    const { outcome } = await attempt({
      at: "viewer-request",
      request: request({ querystring: "w=321&h=1", headers: headers({ Cookie: "a=1; b=2" }) }),
      cloudFront: "request.querystring = { w: { value: '320' } }; delete request.cookies.a; return request",
    });

    expect(requestOf(outcome)).toMatchObject({ querystring: "w=320", headers: headers({ Cookie: "b=2" }) });
  });

  test("takes a changed multiValue, and otherwise a changed value for the first", async () => {
    const given = request({
      headers: {},
      querystring: "a=1&a=2&b=1&b=2",
    });
    const { outcome } = await attempt({
      at: "viewer-request",
      request: given,
      cloudFront:
        "request.querystring.a.value = '9'; request.querystring.b.multiValue.push({ value: '3' }); return request",
    });

    expect(requestOf(outcome).querystring).toBe("a=9&a=2&b=1&b=2&b=3");
  });

  test("can be a redirect", async () => {
    const { outcome } = await attempt({
      at: "viewer-request",
      cloudFront: "return { statusCode: 302, statusDescription: 'Found', headers: { location: { value: '/a' } } }",
    });

    expect(responseOf(outcome)).toMatchObject({
      response: { status: "302", statusDescription: "Found", headers: headers({ Location: "/a" }) },
      body: Buffer.alloc(0),
    });
  });

  test("can change status, cookies and body at viewer-response", async () => {
    const { outcome } = await attempt({
      at: "viewer-response",
      cloudFront:
        "response.statusCode = 404; response.cookies.id = { value: '1', attributes: 'Secure' }; response.body = 'gone'; return response",
    });

    const { response: changed, body } = responseOf(outcome);
    expect(changed.status).toBe("404");
    expect(changed.headers?.["set-cookie"]).toEqual([{ key: "Set-Cookie", value: "id=1; Secure" }]);
    expect(String(body)).toBe("gone");
  });

  test("leaves the body as it was when it has none", async () => {
    const { outcome } = await attempt({ at: "viewer-response", cloudFront: "return response" });

    expect(responseOf(outcome).body).toBeUndefined();
  });

  test("may be promised", async () => {
    const code =
      "async function twice(n) { return n * 2 } async function handler(event) { event.request.uri = '/' + (await twice(21)); return event.request }";
    const functions = deployed({ later: { code, runtime: "cloudfront-js-2.0" } });

    const { outcome } = await functions.run("later", "viewer-request", context, request());

    expect(requestOf(outcome).uri).toBe("/42");
  });
});

describe("a CloudFront Function", () => {
  test.for([
    ["eval", "eval('1')", "eval() is not supported"],
    ["indirect eval", "(0, eval)('1')", "eval() is not supported"],
    ["new Function", "new Function('return 1')()", "The Function constructor is not supported"],
    ["a function's constructor", "(function () {}).constructor('return 1')()", "The Function constructor is not"],
    [
      "an async function's constructor",
      "async function f() {} f.constructor('return 1')",
      "The Function constructor is not",
    ],
    ["timers", "setTimeout(() => {}, 0)", "'setTimeout' is not defined"],
    ["the network", "fetch('http://169.254.169.254')", "'fetch' is not defined"],
    ["the file system", "require('fs')", 'Cannot find module "fs"'],
    ["inherited names as modules", "require('constructor')", 'Cannot find module "constructor"'],
    ["the process", "process.env", "'process' is not defined"],
    ["a high-resolution timer", "performance.now()", "'performance' is not defined"],
    ["what the engine knows beyond the documentation", "new Map()", "'Map' is not defined"],
  ] as const)("has no %s", async ([, code, says]) => {
    const { outcome } = await attempt({ at: "viewer-request", cloudFront: `${code}; return request` });

    expect(reason(outcome)).toContain("503 FunctionExecutionError: tried at viewer-request: ");
    expect(reason(outcome)).toContain(says);
  });

  test.for([
    ["throws", "throw new TypeError('boo')", "TypeError: boo"],
    ["throws what is no error", "throw { boo: 1 }", '{"boo":1}'],
    ["throws nothing", "throw undefined", "undefined"],
    ["rejects", "return Promise.reject(new Error('boo'))", "Error: boo"],
    ["never answers", "return new Promise(function () {})", "The handler never answers"],
    ["loops for ever", "for (;;);", "took more than 100000 steps"],
    [
      "loops for ever in promises",
      "const again = () => Promise.resolve().then(again); return again()",
      "took more than 100000 steps",
    ],
    ["has a regular expression that explodes", "/^(a+)+$/.test('a'.repeat(40) + 'b')", "took more than 100000 steps"],
    ["calls itself for ever", "const again = () => again() + 1; again()", "stack overflow"],
    [
      "leaks strings",
      "const leak = []; for (;;) leak.push('x'.repeat(10_000) + leak.length)",
      "more than 2 MB of memory",
    ],
    ["takes a large array", "new Uint8Array(2_200_000)", "more than 2 MB of memory"],
    ["refers to itself", "request.self = request; return request", "circular reference"],
  ] as const)("that %s fails with the reason, and the next event is served", async ([, code, says]) => {
    const functions = deployed({
      moody: {
        code: `function handler(event) { const request = event.request; if (request.uri === '/bad') { ${code} } return request }`,
        runtime: "cloudfront-js-2.0",
      },
    });

    const bad = await functions.run("moody", "viewer-request", context, request({ uri: "/bad" }));
    const good = await functions.run("moody", "viewer-request", context, request());

    expect(reason(bad.outcome)).toContain("503 FunctionExecutionError: moody at viewer-request: ");
    expect(reason(bad.outcome)).toContain(says);
    expect(requestOf(good.outcome)).toEqual(request());
  });

  test.for([
    ["throws", "throw new Error('boo')", "Error: boo"],
    ["is no JavaScript", "function handler(event) {", "SyntaxError"],
    ["has no handler", "function handle(event) {}", "no function called handler"],
    ["loops for ever", "for (;;);", "took more than 100000 steps"],
  ] as const)("that %s while it is loaded fails with the reason", async ([, code, says]) => {
    const functions = deployed({ broken: { code, runtime: "cloudfront-js-2.0" } });

    const { outcome } = await functions.run("broken", "viewer-request", context, request());

    expect(reason(outcome)).toContain("503 FunctionExecutionError: broken at viewer-request: ");
    expect(reason(outcome)).toContain(says);
  });

  test("that is not there fails with the reason", async () => {
    const functions = edgeFunctions([{ name: "missing", runtime: "cloudfront-js-2.0", directory: "/does/not/exist" }]);

    const { outcome } = await functions.run("missing", "viewer-request", context, request());

    expect(reason(outcome)).toContain("the script can't be read: ENOENT");
  });

  test("may have its handler in a constant", async () => {
    const functions = deployed({
      constant: { code: "const handler = (event) => event.request;", runtime: "cloudfront-js-2.0" },
    });

    passed((await functions.run("constant", "viewer-request", context, request())).outcome);
  });

  test("of 10 KB runs and one byte more does not", async () => {
    const code = "function handler(event) { return event.request }//";
    const functions = deployed({
      fits: { code: code.padEnd(10_240, "a"), runtime: "cloudfront-js-2.0" },
      large: { code: code.padEnd(10_241, "a"), runtime: "cloudfront-js-2.0" },
    });

    const fits = await functions.run("fits", "viewer-request", context, request());
    const large = await functions.run("large", "viewer-request", context, request());

    passed(fits.outcome);
    expect(reason(large.outcome)).toContain("large has 10241 bytes, 10240 are allowed");
  });

  test("has almost 2 MB of memory and 100,000 steps", async () => {
    const { outcome } = await attempt({
      at: "viewer-request",
      cloudFront: "new Uint8Array(1_500_000); for (let i = 0; i < 45_000; i++); return request",
    });

    passed(outcome);
  });

  test.for(["origin-request", "origin-response"] as const)("does not run at %s", async (at) => {
    const { outcome } = await attempt({ at, cloudFront: "return request" });

    expect(reason(outcome)).toContain("CloudFront Functions run at viewer events only");
  });

  test("keeps nothing from one request to the next", async () => {
    const code = `let count = 0; const seen = [];
      function handler(event) {
        count++; seen.push(event.request.uri); globalThis.leak = (globalThis.leak || 0) + 1;
        Object.prototype.polluted = count; Array.prototype.map = null;
        return { statusCode: 200, body: [count, seen.length, leak, Object.keys({}).length].join() };
      }`;
    const functions = deployed({ counter: { code, runtime: "cloudfront-js-2.0" } });

    for (let i = 0; i < 3; i++) {
      const { outcome } = await functions.run("counter", "viewer-request", context, request());
      expect(String(responseOf(outcome).body)).toBe("1,1,1,0");
    }
  });

  test.for([1_000, 100_000, 1_000_000])("keeps nothing in %i zeros from one request to the next", async (size) => {
    const code = `const seen = new Uint8Array(${size});
      function handler() { const last = ++seen[${size - 1}]; seen.fill(last); return { statusCode: 200, body: String(last) } }`;
    const functions = deployed({ zeros: { code, runtime: "cloudfront-js-2.0" } });

    for (let i = 0; i < 3; i++) {
      const { outcome } = await functions.run("zeros", "viewer-request", context, request());
      expect(String(responseOf(outcome).body)).toBe("1");
    }
  });

  test("has another random number in each run", async () => {
    const code = "function handler() { return { statusCode: 200, body: String(Math.random()) } }";
    const functions = deployed({ dice: { code, runtime: "cloudfront-js-2.0" } });

    const bodies = [];
    for (let i = 0; i < 3; i++) {
      bodies.push(String(responseOf((await functions.run("dice", "viewer-request", context, request())).outcome).body));
    }

    expect(new Set(bodies).size).toBe(3);
  });

  test("sees the time of its start for the whole run", async () => {
    const before = Date.now();
    const [first, second, date, now] = (await evaluated(
      "[Date.now(), (() => { for (let i = 0; i < 10_000; i++); return Date.now() })(), new Date().getTime(), new Date(0).toISOString()]",
    )) as [number, number, number, string];

    expect(first).toBeGreaterThanOrEqual(before);
    expect(second).toBe(first);
    expect(date).toBe(first);
    expect(now).toBe("1970-01-01T00:00:00.000Z");
  });

  test("logs with the request's id, one argument of each call, cut at 10 KB", async () => {
    const { logs } = await attempt({
      at: "viewer-request",
      cloudFront:
        "console.log('a', 'b'); console.log({ c: 1 }); console.log('가'.repeat(5000)); console.log('d'); return request",
    });

    expect(logs.slice(0, 2)).toEqual([`${context.requestId} a`, '{"c":1}']);
    expect(logs[2]).toContain("[cut at 10 KB");
    expect(logs).toHaveLength(3);
    expect(Buffer.byteLength(logs.join(""))).toBeLessThan(10_240 + 300);
  });

  test("has hashes, base64 and query strings", async () => {
    expect(
      await evaluated(
        `[require("crypto").createHash("sha256").update("a").update("b").digest("hex").slice(0, 8),
          require("crypto").createHmac("md5", "key").update("a").digest("base64"),
          btoa("a"), atob("YQ=="),
          require("querystring").parse("name=value&abc=xyz&abc=1%2B2"),
          require("querystring").stringify({ name: "value", abc: ["xyz", "1+2"], anotherName: "" })]`,
      ),
    ).toEqual([
      "fb8e20fc",
      "gOpEzOoUzCJjiJVnz6zM1w==",
      "YQ==",
      "a",
      { name: "value", abc: ["xyz", "1+2"] },
      "name=value&abc=xyz&abc=1%2B2&anotherName=",
    ]);
  });
});
