import { once } from "node:events";
import { Agent, get, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { ALL_METHODS, ask, origin, page, place, raw, result, settings, start, UNCACHED } from "./desk.ts";

describe("the host", () => {
  test("chooses the distribution, whatever its port and letter case", async () => {
    const [web, go] = await Promise.all([origin(page("web")), origin(page("go"))]);
    const { distributions, ...rest } = settings({});
    const one = distributions["web"];
    const both = {
      ...rest,
      distributions: {
        web: { ...one, origins: { service: { type: "http" as const } } },
        "short-links": {
          origins: { redirector: { type: "http" as const } },
          defaultBehavior: { origin: "redirector", cachePolicy: "cached" },
        },
      },
    } as ReturnType<typeof settings>;
    const edge = await start(both, {
      distributions: { web: { id: "E1", hosts: ["localhost"] }, "short-links": { id: "E2", hosts: ["go.localhost"] } },
      origins: { service: { targets: [web.url] }, redirector: { targets: [go.url] } },
    });
    expect((await ask(edge, "/", { host: "LOCALHOST:8080" })).body).toBe("web");
    expect((await ask(edge, "/", { host: "go.localhost:9" })).body).toBe("go");
    expect((await ask(edge, "/", { host: "go.localhost." })).body).toBe("go");
  });

  test("that no distribution has is a 403, and no origin hears of it", async () => {
    const service = await origin(page("hello"));
    const edge = await start(settings({}), place(service.url));
    for (const host of ["evil.example", "localhost.evil.example", "localhost@evil.example", "[::1"]) {
      const got = await ask(edge, "/", { host });
      expect([got.status, result(got)]).toEqual([403, "Error"]);
    }
    expect(service.requests).toHaveLength(0);
  });

  test("of an absolute request target goes before the header", async () => {
    const service = await origin(page("hello"));
    const everything = { originRequestPolicies: { all: { headers: "all" as const } } };
    const edge = await start(
      settings({ behavior: { originRequestPolicy: "all" }, more: everything }),
      place(service.url),
    );
    const send = (target: string, host: string) =>
      raw(edge, `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    expect(await send("http://localhost/a?b", "evil.example")).toMatch(/^HTTP\/1\.1 200/);
    expect(await send("http://evil.example/a", "localhost")).toMatch(/^HTTP\/1\.1 403/);
    expect(await send("http://localhost", "localhost")).toMatch(/^HTTP\/1\.1 200/);
    expect(await send("http://user@localhost/a", "localhost")).toMatch(/^HTTP\/1\.1 400/);
    expect(await send("ftp://localhost/a", "localhost")).toMatch(/^HTTP\/1\.1 400/);
    expect(service.requests.map(({ url }) => url)).toEqual(["/a", "/"]);
    expect(service.requests.map(({ headers }) => headers.host)).toEqual(["localhost", "localhost"]);
  });

  test("must be there once", async () => {
    const service = await origin(page("hello"));
    const edge = await start(settings({}), place(service.url));
    expect(await raw(edge, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n")).toMatch(/^HTTP\/1\.1 400/);
    expect(await raw(edge, "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\nConnection: close\r\n\r\n")).toMatch(
      /^HTTP\/1\.1 400/,
    );
    expect(service.requests).toHaveLength(0);
  });
});

describe("two requests in one", () => {
  // Each of these would let a second request ride behind the first where edge and origin disagree on the body's end.
  const tries = {
    "two lengths of a body": "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nX",
    "two Content-Lengths": "Content-Length: 1\r\nContent-Length: 2\r\n\r\nXY",
    "an encoding that is not chunked at last": "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "an encoding with a space": "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "an encoding with a prefix": "Transfer-Encoding: xchunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
    "a length with a sign": "Content-Length: +5\r\n\r\n01234",
    "a folded header": "X-A: b\r\n c\r\nContent-Length: 0\r\n\r\n",
    "a bare line feed": "X-A: b\nX-B: c\r\nContent-Length: 0\r\n\r\n",
    "a chunk size that is no number": "Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
  };
  for (const [name, rest] of Object.entries(tries)) {
    test(`are refused: ${name}`, async () => {
      const service = await origin(page("hello"));
      const behavior = { cachePolicy: "uncached", allowedMethods: ALL_METHODS };
      const edge = await start(settings({ behavior }), place(service.url));
      const smuggled = `${rest}GET /admin HTTP/1.1\r\nHost: localhost\r\n\r\n`;
      const text = await raw(edge, `POST /a HTTP/1.1\r\nHost: localhost\r\n${smuggled}`);
      expect(text).toMatch(/^HTTP\/1\.1 (400|502)/);
      expect(service.requests.map(({ url }) => url)).not.toContain("/admin");
    });
  }
});

describe("limits", () => {
  test("a URL of more than 8,192 bytes is a 414", async () => {
    const service = await origin(page("hello"));
    const edge = await start(settings({}), place(service.url));
    expect((await ask(edge, `/${"a".repeat(8_191)}`)).status).toBe(200);
    expect((await ask(edge, `/${"a".repeat(8_192)}`)).status).toBe(414);
    expect((await ask(edge, `/${"a".repeat(100_000)}`)).status).toBe(414);
    expect(service.requests).toHaveLength(1);
  });

  test("more than 20,480 bytes of headers are a 494", async () => {
    const service = await origin(page("hello"));
    const edge = await start(settings({}), place(service.url));
    const large = (length: number) => ask(edge, "/a", { headers: { "x-large": "x".repeat(length) } });
    expect((await large(20_000)).status).toBe(200);
    expect((await large(20_480)).status).toBe(494);
    const text = await raw(edge, `GET / HTTP/1.1\r\nHost: localhost\r\nX-Large: ${"x".repeat(1_000_000)}\r\n\r\n`);
    expect(text).toMatch(/^HTTP\/1\.1 494/);
  });

  test("a GET with a body is a 403", async () => {
    const service = await origin(page("hello"));
    const edge = await start(settings({}), place(service.url));
    expect((await ask(edge, "/a", { body: "x", headers: { "content-length": "1" } })).status).toBe(403);
    expect(service.requests).toHaveLength(0);
  });
});

test("a method that the behavior does not allow is a 403 and goes nowhere", async () => {
  const service = await origin(page("hello"));
  const edge = await start(settings({}), place(service.url));
  for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"]) {
    const got = await ask(edge, "/a", { method });
    expect([got.status, result(got)]).toEqual([403, "Error"]);
  }
  expect(service.requests).toHaveLength(0);
});

describe("behaviors", () => {
  async function originsOf(paths: string[], behaviors: [string, string][]): Promise<string[]> {
    const names = [...new Set(behaviors.map(([, name]) => name)), "service"];
    const services = await Promise.all(names.map((name) => origin(page(name))));
    const distributions = settings({
      distribution: {
        origins: Object.fromEntries(names.map((name) => [name, { type: "http" as const }])),
        behaviors: behaviors.map(([path, name]) => ({ path, origin: name, cachePolicy: "uncached" })),
      },
    });
    const edge = await start(distributions, {
      ...place("http://unused"),
      origins: Object.fromEntries(names.map((name, i) => [name, { targets: [services[i]?.url ?? ""] }])),
    });
    return Promise.all(paths.map(async (path) => (await ask(edge, path)).body));
  }

  test("are taken in order, the first match wins", async () => {
    const rules: [string, string][] = [
      ["/a/b*", "one"],
      ["/a/*", "two"],
      ["*.jpg", "three"],
    ];
    const paths = ["/a/bc", "/a/x.jpg", "/x.jpg", "/x.JPG", "/a", "/"];
    expect(await originsOf(paths, rules)).toEqual(["one", "two", "three", "service", "service", "service"]);
  });

  test("know * and ?, letter case, and patterns without a slash in front", async () => {
    const rules: [string, string][] = [
      ["api/v?/*", "api"],
      ["/Exact", "exact"],
      ["/*/deep/*.js", "deep"],
    ];
    const paths = ["/api/v1/x", "/api/v12/x", "/exact", "/Exact", "/a/b/deep/c/d.js", "/deep/d.js", "/api/v1"];
    expect(await originsOf(paths, rules)).toEqual(["api", "service", "service", "exact", "deep", "service", "service"]);
  });

  test("match the normalised path, and the origin gets it as it was sent", async () => {
    const [api, service] = await Promise.all([origin(page("api")), origin(page("service"))]);
    const distributions = settings({
      distribution: {
        origins: { service: { type: "http" }, api: { type: "http" } },
        behaviors: [{ path: "/api/*", origin: "api", cachePolicy: "uncached" }],
      },
    });
    const edge = await start(distributions, {
      ...place("http://unused"),
      origins: { service: { targets: [service.url] }, api: { targets: [api.url] } },
    });
    const paths = ["/x/../api/a", "/%61pi/a", "/x/%2e%2e/api/a", "/api/./a", "/api/%00/%ff"];
    for (const path of paths) {
      await raw(edge, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    }
    expect(api.requests.map(({ url }) => url)).toEqual(paths);
    expect((await ask(edge, "/api/../x")).body).toBe("service");
  });
});

test("a viewer that goes away takes its request to the origin with it", async () => {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  const service = await origin((request) => void request.socket.once("close", resolve));
  const edge = await start(settings({ behavior: { cachePolicy: "uncached" } }), place(service.url));
  const viewer = connect(edge.port, "127.0.0.1", () => viewer.write("GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  await expect.poll(() => service.requests.length).toBe(1);
  viewer.destroy();
  await closed;
});

test("closing finishes what is under way", async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const service = await origin((request, response) => void released.then(() => page("done")(request, response)));
  const edge = await start({ ...settings({}), cachePolicies: { cached: UNCACHED } }, place(service.url));
  const asked = ask(edge, "/a");
  await expect.poll(() => service.requests.length).toBe(1);
  const closed = edge.close();
  release();
  expect((await asked).body).toBe("done");
  await closed;
  await expect(ask(edge, "/a")).rejects.toThrow();
});

test("closing does not wait for connections that are only kept alive", async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const service = await origin((request, response) => void released.then(() => page("done")(request, response)));
  const edge = await start(settings({ behavior: { cachePolicy: "uncached" } }), place(service.url));
  const agent = new Agent({ keepAlive: true });
  const answered = new Promise<string | undefined>((resolve, reject) => {
    const options = { port: edge.port, host: "127.0.0.1", agent, headers: { host: "localhost" } };
    const told = (response: IncomingMessage) => response.resume().on("end", () => resolve(response.headers.connection));
    get(options, told).on("error", reject);
  });
  await expect.poll(() => service.requests.length).toBe(1);
  const closed = edge.close();
  release();
  expect(await answered).toBe("close");
  await closed;
  agent.destroy();
});

test("closing lets a slow viewer have all of an answer", async () => {
  const size = 8_000_000;
  const service = await origin(page(Buffer.alloc(size, "x")));
  const edge = await start(settings({}), place(service.url));
  await ask(edge, "/a");
  const viewer = connect(edge.port, "127.0.0.1", () => viewer.write("GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  viewer.pause();
  await new Promise((resolve) => viewer.once("readable", resolve));
  const closed = edge.close();
  let received = 0;
  viewer.on("data", (chunk: Buffer) => {
    received += chunk.length;
  });
  await closed;
  await expect.poll(() => received).toBeGreaterThan(size);
});

test("while it closes, a connection that is kept alive gets one more answer, which ends it", async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const service = await origin((request, response) => {
    const answer = () => page("done")(request, response);
    void (request.url === "/slow" ? released.then(answer) : answer());
  });
  const edge = await start(settings({ behavior: { cachePolicy: "uncached" } }), place(service.url));
  const kept = connect(edge.port, "127.0.0.1").setEncoding("latin1");
  kept.write("GET /first HTTP/1.1\r\nHost: localhost\r\n\r\n");
  expect((await once(kept, "data"))[0]).toMatch(/connection: keep-alive/i);
  const slow = ask(edge, "/slow");
  await expect.poll(() => service.requests.length).toBe(2);
  const closed = edge.close();
  kept.write("GET /last HTTP/1.1\r\nHost: localhost\r\n\r\n");
  expect((await once(kept, "data"))[0]).toMatch(/^HTTP\/1\.1 200.*connection: close/is);
  release();
  expect((await slow).body).toBe("done");
  await closed;
});

test("closing does not wait for connections without a request, nor for the rest of one", async () => {
  const service = await origin(page("hello"));
  const edge = await start(settings({}), place(service.url));
  const sends = async (text: string, answers: boolean) => {
    const socket = connect(edge.port, "127.0.0.1");
    socket.on("error", () => {});
    await once(socket, "connect");
    socket.write(text);
    if (answers) {
      await once(socket, "data");
    }
    return once(socket.resume(), "close");
  };
  const all = ["", "GET / HT"].map((text) => sends(text, false));
  const kept = sends("GET / HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HT", true);
  await expect.poll(() => service.requests.length).toBe(1);
  await ask(edge, "/");
  await edge.close();
  await Promise.all([...all, kept]);
});

test("closing breaks off what takes too long", async () => {
  const service = await origin(() => {});
  const edge = await start(settings({ behavior: { cachePolicy: "uncached" } }), place(service.url));
  const asked = ask(edge, "/a");
  const broken = expect(asked).rejects.toThrow();
  await expect.poll(() => service.requests.length).toBe(1);
  await edge.close(1);
  await broken;
});
