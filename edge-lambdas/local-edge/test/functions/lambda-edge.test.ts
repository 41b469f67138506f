import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { edgeFunctions } from "../../src/functions/index.ts";
import { attempt, context, deployed, folder, headers, passed, reason, request, response } from "./functions.ts";

const echo = "exports.handler = async (event) => event.Records[0].cf.request;";

function bodyOf(outcome: Parameters<typeof passed>[0]): string {
  const result = passed(outcome);
  return result.kind === "response" ? String(result.body) : "";
}

describe("the event", () => {
  test("has CloudFront's structure", async () => {
    const code = "exports.handler = async (event) => ({ status: '200', body: JSON.stringify(event) });";
    const functions = deployed({ show: { code } });

    const { outcome } = await functions.run("show", "origin-request", context, request());

    expect(JSON.parse(bodyOf(outcome))).toEqual({
      Records: [
        {
          cf: {
            config: { ...context, eventType: "origin-request" },
            request: {
              clientIp: "203.0.113.178",
              method: "GET",
              uri: "/campaigns/spring",
              querystring: "",
              headers: {
                host: [{ key: "Host", value: "localhost" }],
                "user-agent": [{ key: "User-Agent", value: "curl/8.7.1" }],
                via: [{ key: "Via", value: "2.0 desk (CloudFront)" }],
              },
            },
          },
        },
      ],
    });
  });

  test("hides disallowed headers from the function and keeps them in the request and the response", async () => {
    const hidden = headers({ "X-Forwarded-Proto": "https", "X-Edge-Location": "ICN54", "X-Cache": "Miss" });

    const ofRequest = await attempt({
      at: "origin-request",
      request: request({ headers: hidden }),
      lambda: "if (Object.keys(request.headers).length > 0) throw new Error('seen'); return request",
    });
    const ofResponse = await attempt({
      at: "origin-response",
      response: response({ headers: hidden }),
      lambda: "if (Object.keys(response.headers).length > 0) throw new Error('seen'); return response",
    });

    expect(passed(ofRequest.outcome)).toMatchObject({ request: { headers: hidden } });
    expect(passed(ofResponse.outcome)).toMatchObject({ response: { headers: hidden } });
  });

  test("has no body of the origin's response, and a function that gives none leaves it as it was", async () => {
    const { outcome } = await attempt({
      at: "origin-response",
      response: { ...response(), body: "secret" } as ReturnType<typeof response>,
      lambda: "if ('body' in response) throw new Error('seen'); return response",
    });

    expect(passed(outcome)).toMatchObject({ kind: "response", body: undefined });
  });

  test("can be changed by the function without changing what the caller holds", async () => {
    const given = request();

    const { outcome } = await attempt({
      at: "viewer-request",
      request: given,
      lambda: "request.uri = '/other'; request.headers['x-a'] = [{ value: '1' }]; return request",
    });

    expect(given).toEqual(request());
    expect(passed(outcome)).toMatchObject({
      request: { uri: "/other", headers: { "x-a": [{ key: "X-A", value: "1" }] } },
    });
  });

  test("takes no query string from a function at a response event", async () => {
    const given = request();

    await attempt({
      at: "viewer-response",
      request: given,
      lambda: "event.Records[0].cf.request.querystring = 'a=1'; return response",
    });

    expect(given.querystring).toBe("");
  });
});

describe("a result", () => {
  test("is given a key for each header without one", async () => {
    const { outcome } = await attempt({
      at: "origin-request",
      lambda: "return { status: '302', headers: { location: [{ value: '/a' }], 'X-Mixed': [{ value: '1' }] } }",
    });

    expect(passed(outcome)).toMatchObject({
      response: {
        status: "302",
        headers: { location: [{ key: "Location", value: "/a" }], "x-mixed": [{ key: "X-Mixed", value: "1" }] },
      },
    });
  });

  test("can be a body in base64, which the viewer gets decoded", async () => {
    const { outcome } = await attempt({
      at: "origin-request",
      lambda: "return { status: '200', bodyEncoding: 'base64', body: Buffer.from('서울').toString('base64') }",
    });

    expect(bodyOf(outcome)).toBe("서울");
  });

  test("can remove the origin's body", async () => {
    const { outcome } = await attempt({ at: "origin-response", lambda: "return { ...response, body: '' }" });

    expect(passed(outcome)).toMatchObject({ body: Buffer.alloc(0) });
  });

  test("can have a header called __proto__", async () => {
    const { outcome } = await attempt({
      at: "origin-request",
      lambda: `return JSON.parse('{"status":"200","headers":{"__proto__":[{"value":"1"}]}}')`,
    });

    const result = passed(outcome);
    const given = result.kind === "response" ? Object.keys(result.response.headers ?? {}) : [];
    expect(given).toEqual(["__proto__"]);
  });

  test.for([
    ["undefined", "The function returned undefined"],
    ["null", "The function returned null"],
    ["42", "The function returned 42"],
    ["() => 1", "The function returned undefined"],
    ["'text'", 'The function returned "text"'],
    ["new Map()", "without method"],
  ] as const)("that is %s is refused", async ([value, says]) => {
    const { outcome } = await attempt({ at: "origin-request", lambda: `return ${value}` });

    expect(reason(outcome)).toContain("502 LambdaValidationError");
    expect(reason(outcome)).toContain(says);
  });

  test("of 2 MB is refused", async () => {
    const { outcome } = await attempt({
      at: "origin-request",
      lambda: "return { status: '200', body: 'a'.repeat(2 * 1024 * 1024) }",
    });

    expect(reason(outcome)).toContain("The response has 2097152 bytes");
  });

  test("that refers to itself is an execution error", async () => {
    const { outcome } = await attempt({ at: "origin-request", lambda: "request.self = request; return request" });

    expect(reason(outcome)).toContain("503 LambdaExecutionError");
    expect(reason(outcome)).toContain("circular structure");
  });
});

describe("a function", () => {
  test.for([
    ["throws", "throw new TypeError('boo')", "TypeError: boo"],
    ["rejects", "await Promise.reject(new Error('boo'))", "Error: boo"],
    ["throws what is no error", "throw { boo: 1 }", 'thrown: {"boo":1}'],
    [
      "leaves a promise alone that rejects",
      "Promise.reject(new Error('boo')); await new Promise((r) => setTimeout(r, 1000))",
      "boo",
    ],
    [
      "throws in a timer",
      "setTimeout(() => { throw new Error('boo') }); await new Promise((r) => setTimeout(r, 1000))",
      "boo",
    ],
    ["never settles its promise", "await new Promise(() => {})", "the handler's promise was never settled"],
    [
      "disturbs the runtime",
      "require('fs').writeSync(3, 'hello\\n'); await new Promise((r) => setTimeout(r, 1000))",
      "wrote to file descriptor 3",
    ],
    ["ends its process", "process.exit(7)", "the function ended its process with 7"],
    ["aborts its process", "process.abort()", "the function ended its process with SIGABRT"],
  ] as const)("that %s fails with the reason, and the next event has a new environment", async ([, code, says]) => {
    const functions = deployed({
      moody: {
        code: `exports.handler = async (event) => { const { request } = event.Records[0].cf; if (request.uri === "/bad") { ${code} } return request; };`,
      },
    });

    const bad = await functions.run("moody", "origin-request", context, request({ uri: "/bad" }));
    const good = await functions.run("moody", "origin-request", context, request());

    expect(reason(bad.outcome)).toContain("503 LambdaExecutionError: moody at origin-request: ");
    expect(reason(bad.outcome)).toContain(says);
    passed(good.outcome);
  });

  test.for([
    ["never answers", "await new Promise((resolve) => setTimeout(resolve, 60_000))"],
    ["loops for ever", "for (;;);"],
    ["waits for ever without its loop", "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)"],
  ] as const)("that %s is stopped at its time limit", async ([, code]) => {
    const functions = deployed({
      slow: {
        code: `exports.handler = async (event) => { const { request } = event.Records[0].cf; if (request.uri === "/bad") { ${code} } return request; };`,
        timeout: 1,
      },
    });

    const bad = await functions.run("slow", "origin-request", context, request({ uri: "/bad" }));
    const good = await functions.run("slow", "origin-request", context, request());

    expect(reason(bad.outcome)).toContain(
      "503 LambdaLimitExceeded: slow at origin-request: task timed out after 1.00 s",
    );
    passed(good.outcome);
  });

  test.for([
    ["objects", "for (;;) leak.push(new Array(1000).fill(leak.length))"],
    ["large arrays", "for (;;) leak.push(new Array(5_000_000).fill(leak.length))"],
    ["buffers", "for (;;) leak.push(Buffer.alloc(1e6, leak.length))"],
    ["buffers slowly", "for (;;) { leak.push(Buffer.alloc(5e6, 1)); await new Promise((r) => setTimeout(r, 1)); }"],
  ] as const)("that leaks %s is stopped at its memory limit", async ([, code]) => {
    const { outcome } = await attempt({
      at: "origin-request",
      lambda: `const leak = []; ${code}`,
      definition: { timeout: 30 },
    });

    expect(reason(outcome)).toContain("503 LambdaExecutionError");
    expect(reason(outcome)).toContain("needed more than its 128 MB");
  });

  test("that floods its output keeps the first 256 KB of it", async () => {
    const { outcome, logs } = await attempt({
      at: "origin-request",
      lambda: "for (let i = 0; i < 100_000; i++) console.log('line ' + i); return request",
      definition: { timeout: 30 },
    });

    passed(outcome);
    expect(logs[0]).toBe(`${context.requestId} line 0`);
    expect(logs.at(-1)).toContain("local-edge keeps 256 KB of a run's log");
    expect(logs.join("\n").length).toBeLessThan(3 * 1024 * 1024);
  });

  test("that pollutes a prototype does so for itself only", async () => {
    const functions = deployed({
      bad: { code: "exports.handler = async () => { Object.prototype.polluted = 1; Array.prototype.map = null; };" },
      good: { code: echo },
    });

    await functions.run("bad", "origin-request", context, request());

    passed((await functions.run("good", "origin-request", context, request())).outcome);
    expect("polluted" in {}).toBe(false);
  });

  test.for([
    ["throws", "throw new Error('no table');", "Error: no table"],
    ["has no handler", "exports.handle = () => {};", "Runtime.HandlerNotFound"],
    ["is no JavaScript", "export default {", "SyntaxError"],
    [
      "has a handler with a callback",
      "exports.handler = (event, context, callback) => callback(null, {});",
      "Runtime.CallbackHandlerDeprecated",
    ],
    ["ends its process", "process.exit(1);", "ended its process with 1"],
  ] as const)("that %s while it is loaded fails with the reason", async ([, code, says]) => {
    const functions = deployed({ broken: { code } });

    const { outcome } = await functions.run("broken", "origin-request", context, request());

    expect(reason(outcome)).toContain("503 LambdaExecutionError: broken at origin-request: ");
    expect(reason(outcome)).toContain(says);
  });

  test("of Node.js 22 may answer by a callback", async () => {
    const code =
      "exports.handler = (event, context, callback) => { setTimeout(() => callback(null, event.Records[0].cf.request)); };";
    const functions = deployed({ old: { code, runtime: "nodejs22.x" } });

    passed((await functions.run("old", "origin-request", context, request())).outcome);
  });

  test("logs lines with the request's id, and JSON as it is", async () => {
    const { logs } = await attempt({
      at: "origin-request",
      lambda:
        "console.log('one\\ntwo'); console.error('three'); process.stdout.write('{\"message\":\"four\"}\\n'); return request",
    });

    const { requestId } = context;
    expect(logs).toEqual([`${requestId} one`, `${requestId} two`, `${requestId} three`, '{"message":"four"}']);
  });

  test("that hangs keeps what it had logged", async () => {
    const { logs } = await attempt({
      at: "origin-request",
      lambda: "console.log('before'); for (;;);",
      definition: { timeout: 1 },
    });

    expect(logs).toEqual([`${context.requestId} before`]);
  });
});

describe("an execution environment", () => {
  test("has Lambda's own variables and no other", async () => {
    process.env["NOT_LAMBDAS_OWN"] = "1";
    const { outcome } = await attempt({
      at: "origin-request",
      request: request({ headers: headers({ "X-Amzn-Trace-Id": "Root=1-5759e988-bd862e3fe1be46a994272793" }) }),
      lambda: "return { status: '200', body: JSON.stringify(process.env) }",
    });

    const variables: unknown = JSON.parse(bodyOf(outcome));
    expect(variables).toMatchObject({
      AWS_LAMBDA_FUNCTION_NAME: "us-east-1.tried",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "128",
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
      _X_AMZN_TRACE_ID: "Root=1-5759e988-bd862e3fe1be46a994272793",
    });
    expect(variables).not.toHaveProperty("NOT_LAMBDAS_OWN");
  });

  test("is used again for the next event", async () => {
    const code = "let count = 0; exports.handler = async () => ({ status: '200', body: String(++count) });";
    const functions = deployed({ counter: { code } });

    const bodies = [];
    for (let i = 0; i < 3; i++) {
      bodies.push(bodyOf((await functions.run("counter", "origin-request", context, request())).outcome));
    }

    expect(bodies).toEqual(["1", "2", "3"]);
  });

  test("runs one event at a time, so that several events have several environments up to the limit", async () => {
    const code = `let busy = false;       exports.handler = async () => {
        if (busy) throw new Error("two at a time");
        busy = true; await new Promise((resolve) => setTimeout(resolve, 20)); busy = false;
        return { status: "200", body: String(process.pid) };
      };`;
    const functions = deployed({ busy: { code } }, { concurrency: 3 });

    const runs = await Promise.all(
      Array.from({ length: 12 }, () => functions.run("busy", "origin-request", context, request())),
    );

    expect(new Set(runs.map(({ outcome }) => bodyOf(outcome))).size).toBe(3);
  });

  test("that is not free in time is a limit exceeded", async () => {
    const code = "exports.handler = () => new Promise((resolve) => setTimeout(resolve, 60_000));";
    const functions = deployed({ stuck: { code, timeout: 1 } }, { concurrency: 1 });

    const [first, second] = await Promise.all([
      functions.run("stuck", "origin-request", context, request()),
      functions.run("stuck", "origin-request", context, request()),
    ]);

    expect(reason(first.outcome)).toContain("task timed out");
    expect(reason(second.outcome)).toMatch(/503 LambdaLimitExceeded: stuck at origin-request: /);
  });

  test("stands still between two events", async () => {
    const arrived: string[] = [];
    const server = createServer((incoming, outgoing) => {
      arrived.push(incoming.url ?? "");
      outgoing.end();
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    const code = `let late; exports.handler = async (event) => {
      const { request } = event.Records[0].cf;
      if (request.uri === "/first") late = new Promise(setImmediate).then(() => fetch("http://127.0.0.1:${port}/late"));
      else if (request.uri === "/second") await late;
      else await fetch("http://127.0.0.1:${port}" + request.uri);
      return request;
    };`;
    const functions = deployed({ late: { code }, other: { code } });

    await functions.run("late", "origin-request", context, request({ uri: "/first" }));
    await functions.run("other", "origin-request", context, request({ uri: "/meanwhile" }));
    const meanwhile = [...arrived];
    await functions.run("late", "origin-request", context, request({ uri: "/second" }));
    server.close();

    expect(meanwhile).toEqual(["/meanwhile"]);
    expect(arrived).toEqual(["/meanwhile", "/late"]);
  });
});

describe("a bundle", () => {
  test("finds its config.json beside it", async () => {
    const code =
      "const config = require('./config.json'); exports.handler = async () => ({ status: '200', body: config.siteUrl });";
    const functions = deployed({ configured: { code, config: { siteUrl: "http://localhost:8080" } } });

    const { outcome } = await functions.run("configured", "origin-request", context, request());

    expect(bodyOf(outcome)).toBe("http://localhost:8080");
  });

  test("finds the modules in its node_modules, and what those need", async () => {
    const directory = folder();
    for (const [name, code] of [
      ["native", "module.exports = require('native-linux-x64')"],
      ["native-linux-x64", "module.exports = 'binary'"],
    ] as const) {
      mkdirSync(join(directory, "node_modules", name), { recursive: true });
      writeFileSync(join(directory, "node_modules", name, "index.js"), code);
    }
    const code = "const native = require('native'); exports.handler = async () => ({ status: '200', body: native });";
    writeFileSync(join(directory, "index.js"), code);
    const functions = edgeFunctions([{ name: "image", runtime: "nodejs24.x", directory }]);

    const { outcome } = await functions.run("image", "origin-request", context, request());
    await functions.close();

    expect(bodyOf(outcome)).toBe("binary");
  });

  test("that is built again does not change a function that runs", async () => {
    const directory = folder();
    writeFileSync(join(directory, "index.js"), "exports.handler = async () => ({ status: '201' });");
    const functions = edgeFunctions([{ name: "built", runtime: "nodejs24.x", directory }], { concurrency: 2 });
    await functions.run("built", "origin-request", context, request());

    writeFileSync(join(directory, "index.js"), "exports.handler = async () => ({ status: '202' });");
    const runs = await Promise.all([1, 2].map(() => functions.run("built", "origin-request", context, request())));
    await functions.close();

    for (const { outcome } of runs) expect(passed(outcome)).toMatchObject({ response: { status: "201" } });
  });

  test("that is not there fails with the reason", async () => {
    const functions = edgeFunctions([{ name: "absent", runtime: "nodejs24.x", directory: "/does/not/exist" }]);

    const { outcome } = await functions.run("absent", "origin-request", context, request());

    expect(reason(outcome)).toContain("503 LambdaExecutionError: absent at origin-request: ");
    expect(reason(outcome)).toContain("ENOENT");
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith("backline-absent-"))).toEqual([]);
  });
});

describe("a definition", () => {
  test.for([
    [{ timeout: 31 }, "timed: timeout 31 is not between 1 and 30 s"],
    [{ memory: 127 }, "timed: memory 127 is not between 128 and 10240 MB"],
    [{ runtime: "nodejs" as const }, "timed: runtime nodejs is not nodejs<version>.x"],
  ] as const)("%j is refused", ([definition, says]) => {
    expect(() => deployed({ timed: { code: echo, ...definition } })).toThrow(says);
  });

  test("that is not there is the caller's mistake", async () => {
    const functions = deployed({});

    await expect(functions.run("nobody", "origin-request", context, request())).rejects.toThrow("no function nobody");
  });
});
