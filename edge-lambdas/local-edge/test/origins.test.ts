import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Environment } from "../src/configuration/model.ts";
import { ALL_METHODS, ask, origin, page, place, raw, result, settings, start } from "./desk.ts";

/** A server that speaks no HTTP of its own: each connection gets these bytes and is closed. */
async function server(answer: (connection: Socket, count: number) => void) {
  let count = 0;
  const sockets = new Set<Socket>();
  const listening = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("data", () => answer(socket, ++count));
  });
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) {
      socket.destroy();
    }
    listening.close();
  });
  const { port } = listening.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, count: () => count };
}

async function unused(): Promise<string> {
  const service = await origin(() => {});
  await service.stop();
  return service.url;
}

const UNCACHED = { behavior: { cachePolicy: "uncached" } };

describe("an origin that fails", () => {
  test("because nothing listens is a 502 with a page in CloudFront's form", async () => {
    const edge = await start(settings({}), place(await unused()));
    const got = await ask(edge, "/<b>");
    expect(got.status).toBe(502);
    expect(got.headers).toMatchObject({ "content-type": "text/html", server: "CloudFront" });
    expect(result(got)).toBe("Error");
    expect(got.body).toContain("<title>ERROR: The request could not be satisfied</title>");
    expect(got.body).toContain(got.headers["x-amz-cf-id"]);
  });

  test("by a slow answer is a 504, after as many attempts as are set", async () => {
    const service = await server(() => {});
    const origins = { service: { type: "http" as const, responseTimeout: 1, connectionAttempts: 2 } };
    const edge = await start(settings({ distribution: { origins } }), place(service.url));
    const got = await ask(edge, "/a");
    expect([got.status, service.count()]).toEqual([504, 2]);
  });

  test("by a slow answer to a POST is not asked again", async () => {
    const service = await server(() => {});
    const origins = { service: { type: "http" as const, responseTimeout: 1 } };
    const behavior = { cachePolicy: "uncached", allowedMethods: ALL_METHODS };
    const edge = await start(settings({ behavior, distribution: { origins } }), place(service.url));
    expect((await ask(edge, "/a", { method: "POST", body: "x" })).status).toBe(504);
    expect(service.count()).toBe(1);
  });

  test("by 1 MB of headers is a 502", async () => {
    const service = await origin((_, response) => {
      response.writeHead(200, { "x-large": "x".repeat(1_000_000) }).end();
    });
    const edge = await start(settings(UNCACHED), place(service.url));
    const got = await ask(edge, "/a");
    expect([got.status, got.body.includes("20480 bytes of headers")]).toEqual([502, true]);
  });

  test("by something that is no HTTP is a 502", async () => {
    for (const bytes of [
      "SSH-2.0-OpenSSH\r\n",
      "HTTP/1.1 200 OK\r\nbad header\r\n\r\n",
      "HTTP/1.1 200 OK\r\nA: b\u0000c\r\n\r\n",
    ]) {
      const service = await server((socket) => socket.end(bytes));
      const edge = await start(settings(UNCACHED), place(service.url));
      expect((await ask(edge, "/a")).status).toBe(502);
    }
  });

  test("in the middle of a body breaks the viewer's connection too, and leaves nothing behind", async () => {
    let broken = true;
    const service = await server((socket) => {
      socket.end(
        `HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\n${broken ? "01234" : "0123456789"}`,
      );
    });
    const edge = await start(settings({}), place(service.url));
    await expect(ask(edge, "/a")).rejects.toThrow();
    broken = false;
    const got = await ask(edge, "/a");
    expect([got.body, result(got)]).toEqual(["0123456789", "Miss"]);
  });

  test("in the middle of chunks does so as well", async () => {
    const service = await server((socket) => {
      socket.end("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n");
    });
    const edge = await start(settings({}), place(service.url));
    await expect(ask(edge, "/a")).rejects.toThrow();
    await expect(ask(edge, "/a")).rejects.toThrow();
    expect(service.count()).toBe(2);
  });

  test("is left alone for the error caching minimum TTL", async () => {
    const url = await unused();
    const edge = await start(settings({}), place(url));
    expect((await ask(edge, "/a")).status).toBe(502);
    const service = await server((socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    expect(service.count()).toBe(0);
    const again = await ask(edge, "/a");
    expect([again.status, again.headers["age"]]).toEqual([502, "0"]);
  });

  test("cannot split a response: a line feed in a header ends the origin's answer, not ours", async () => {
    const service = await server((socket) => {
      socket.end("HTTP/1.1 200 OK\r\nX-A: b\nX-Injected: 1\r\nContent-Length: 0\r\n\r\n");
    });
    const edge = await start(settings(UNCACHED), place(service.url));
    const text = await raw(edge, "GET /a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    expect(text.match(/^HTTP\/1\.1 \d/gm)).toHaveLength(1);
  });
});

describe("several targets", () => {
  const healthy = (name: string) =>
    origin((request, response) => page(request.url === "/readyz" ? "UP" : name)(request, response));

  test("take turns", async () => {
    const [one, two] = await Promise.all([healthy("one"), healthy("two")]);
    const edge = await start(settings(UNCACHED), place([one.url, two.url], "/readyz"));
    const bodies = new Set<string>();
    await expect.poll(async () => bodies.add((await ask(edge, "/a")).body).size).toBe(2);
  });

  test("without one that is lost go on, and no request fails", async () => {
    const [one, two] = await Promise.all([healthy("one"), healthy("two")]);
    const edge = await start(settings(UNCACHED), place([one.url, two.url], "/readyz"), { healthInterval: 20 });
    await one.stop();
    for (let i = 0; i < 6; i++) {
      expect((await ask(edge, "/a")).body).toBe("two");
    }
  });

  test("get no request while their health check fails, and get some when it is well again", async () => {
    let well = false;
    const sick = await origin((request, response) =>
      page("sick", {}, request.url === "/readyz" && !well ? 503 : 200)(request, response),
    );
    const other = await healthy("other");
    const edge = await start(settings(UNCACHED), place([sick.url, other.url], "/readyz"), { healthInterval: 20 });
    await expect.poll(() => sick.requests.length).toBeGreaterThan(1);
    await expect
      .poll(async () => (await Promise.all([1, 2, 3, 4].map(() => ask(edge, "/a")))).map(({ body }) => body))
      .toEqual(["other", "other", "other", "other"]);
    well = true;
    await expect.poll(async () => (await ask(edge, "/a")).body).toBe("sick");
  });

  test("of which none is healthy are all tried, as a load balancer does", async () => {
    const sick = (name: string) =>
      origin((request, response) => page(name, {}, request.url === "/readyz" ? 503 : 200)(request, response));
    const [one, two] = await Promise.all([sick("one"), sick("two")]);
    const edge = await start(settings(UNCACHED), place([one.url, two.url], "/readyz"), { healthInterval: 20 });
    await expect.poll(() => Math.min(one.requests.length, two.requests.length)).toBeGreaterThan(1);
    const bodies = new Set<string>();
    await expect.poll(async () => bodies.add((await ask(edge, "/a")).body).size).toBe(2);
  });

  test("that are all down are a 502", async () => {
    const edge = await start(settings(UNCACHED), place([await unused(), await unused()]));
    expect((await ask(edge, "/a")).status).toBe(502);
  });

  test("get an upload once: by the one that is there", async () => {
    const there = await origin(page("stored"));
    const behavior = { cachePolicy: "uncached", allowedMethods: ALL_METHODS };
    const edge = await start(settings({ behavior }), place([await unused(), there.url]));
    for (const body of ["first", "second"]) {
      expect((await ask(edge, "/a", { method: "POST", body })).body).toBe("stored");
    }
    expect(there.requests.map(({ body }) => body)).toEqual(["first", "second"]);
  });
});

describe("a target with a name", () => {
  /** A service on an address of this machine of its own; they all have the same port, as replicas have. */
  async function replica(address: string, port: number, answer: RequestListener): Promise<number> {
    const server = createHttpServer({ keepAliveTimeout: 60_000 }, answer);
    await new Promise<void>((resolve) => server.listen(port, address, resolve));
    const stop = () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    onTestFinished(stop);
    return (server.address() as AddressInfo).port;
  }
  const named = (name: string) => page(name);

  test("is each of its addresses, also those that come later", async () => {
    const port = await replica("127.0.0.1", 0, named("one"));
    await replica("127.0.0.2", port, named("two"));
    let addresses = ["127.0.0.1"];
    const edge = await start(settings(UNCACHED), place(`http://service:${port}`, "/readyz"), {
      healthInterval: 20,
      resolve: async () => addresses,
    });
    expect((await ask(edge, "/a")).body).toBe("one");
    addresses = ["127.0.0.1", "127.0.0.2"];
    const bodies = new Set<string>();
    await expect.poll(async () => bodies.add((await ask(edge, "/a")).body).size).toBe(2);
  });

  test("gets nothing at an address that is not ready yet, and no request fails meanwhile", async () => {
    const port = await replica("127.0.0.1", 0, named("one"));
    let asked = 0;
    await replica("127.0.0.2", port, (request, response) => {
      asked += request.url === "/readyz" ? 1 : 0;
      page("starting", {}, 503)(request, response);
    });
    let addresses = ["127.0.0.1"];
    const edge = await start(settings(UNCACHED), place(`http://service:${port}`, "/readyz"), {
      healthInterval: 20,
      resolve: async () => addresses,
    });
    await expect.poll(async () => (await ask(edge, "/a")).body).toBe("one");
    addresses = ["127.0.0.1", "127.0.0.2"];
    while (asked < 3) {
      expect((await ask(edge, "/a")).body).toBe("one");
    }
  });

  test("finishes what an address has when it is gone, and sends it no more", async () => {
    const port = await replica("127.0.0.1", 0, named("one"));
    let answer: (() => void) | undefined;
    let answered = 0;
    await replica("127.0.0.2", port, (request, response) => {
      if (request.url === "/slow") {
        answer = () => named("slow")(request, response);
      } else {
        answered += request.url === "/readyz" ? 0 : 1;
        named("two")(request, response);
      }
    });
    let addresses = ["127.0.0.2"];
    const edge = await start(settings(UNCACHED), place(`http://service:${port}`, "/readyz"), {
      healthInterval: 20,
      resolve: async () => addresses,
    });
    const slow = ask(edge, "/slow");
    await expect.poll(() => answer).toBeDefined();
    addresses = ["127.0.0.1"];
    await expect.poll(async () => (await ask(edge, "/a")).body).toBe("one");
    const before = answered;
    for (let i = 0; i < 4; i++) {
      expect((await ask(edge, "/a")).body).toBe("one");
    }
    answer?.();
    expect([(await slow).body, answered]).toEqual(["slow", before]);
  });

  test("is still found at its last addresses while the name server is away", async () => {
    const port = await replica("127.0.0.1", 0, named("one"));
    let asked = 0;
    const edge = await start(settings(UNCACHED), place(`http://service:${port}`, "/readyz"), {
      healthInterval: 20,
      resolve: async () => {
        if (asked++ > 0) {
          throw new Error("EAI_AGAIN");
        }
        return ["127.0.0.1"];
      },
    });
    await expect.poll(() => asked).toBeGreaterThan(3);
    expect((await ask(edge, "/a")).body).toBe("one");
  });

  test("is a 502 that names it while it has no address, and well as soon as it has one", async () => {
    const port = await replica("127.0.0.1", 0, named("one"));
    let addresses: string[] = [];
    const behavior = { cachePolicy: "uncached" };
    const edge = await start(settings({ behavior }), place(`http://service:${port}`), {
      resolve: async () => addresses,
    });
    const got = await ask(edge, "/a");
    expect([got.status, got.body.includes(`no address for http://service:${port}`)]).toEqual([502, true]);
    addresses = ["127.0.0.1"];
    expect((await ask(edge, "/a")).body).toBe("one");
  });

  test("keeps its name as Host", async () => {
    let host: string | undefined;
    const port = await replica("127.0.0.1", 0, (request, response) => {
      host = request.headers.host;
      named("one")(request, response);
    });
    const edge = await start(settings(UNCACHED), place(`http://service:${port}`), {
      resolve: async () => ["127.0.0.1"],
    });
    await ask(edge, "/a");
    expect(host).toBe(`service:${port}`);
  });
});

test("a large upload and a large answer pass through as they are", async () => {
  const large = "x".repeat(5_000_000);
  const service = await origin((request, response) => page(large)(request, response));
  const behavior = { cachePolicy: "uncached", allowedMethods: ALL_METHODS };
  const edge = await start(settings({ behavior }), place(service.url), { objectBytes: 1_000 });
  const got = await ask(edge, "/a", { method: "PUT", body: large });
  expect(got.body).toHaveLength(large.length);
  expect(service.requests[0]?.body).toHaveLength(large.length);
});

test("an origin path comes before the path, and custom headers are added", async () => {
  const service = await origin(page("hello"));
  const origins = { service: { type: "http" as const, path: "/v1", headers: { "X-Secret": "s" } } };
  const edge = await start(settings({ distribution: { origins } }), place(service.url));
  await ask(edge, "/a", { headers: { "x-secret": "forged" } });
  expect(service.requests[0]).toMatchObject({ url: "/v1/a", headers: { "x-secret": "s" } });
});

function bucket(where: Environment["origins"][string]): [ReturnType<typeof settings>, Environment] {
  const distribution = { origins: { service: { type: "s3" as const } }, defaultRootObject: "index.html" };
  return [settings({ distribution }), { ...place("http://unused"), origins: { service: where } }];
}

describe("a bucket", () => {
  test("is asked by path, under the name of its server", async () => {
    const s3 = await origin(page("hello"));
    const edge = await start(...bucket({ s3: `${s3.url}/images` }));
    await ask(edge, "/%EB%B4%84/a.jpg?w=320");
    expect(s3.requests[0]).toMatchObject({ url: "/images/%EB%B4%84/a.jpg", headers: { host: s3.url.slice(7) } });
  });

  test("answers 403 and 404 for itself", async () => {
    const s3 = await origin((request, response) =>
      page("<Error/>", {}, request.url === "/b/x" ? 403 : 404)(request, response),
    );
    const edge = await start(...bucket({ s3: `${s3.url}/b1` }));
    const got = await ask(edge, "/y");
    expect([got.status, got.body, result(got)]).toEqual([404, "<Error/>", "Error"]);
  });

  test("cannot be left by dots, however they are written", async () => {
    const s3 = await origin(page("secret"));
    const edge = await start(...bucket({ s3: `${s3.url}/images` }));
    for (const path of ["/../other/a", "/%2e%2e/other/a", "/a/..%2fb", "/a/%2E./b", "/..%5cb", "/./a"]) {
      expect((await ask(edge, path)).status).toBe(403);
    }
    expect(s3.requests).toHaveLength(0);
  });
});

describe("a folder", () => {
  function folder() {
    const root = mkdtempSync(join(tmpdir(), "edge-"));
    onTestFinished(() => rmSync(root, { recursive: true }));
    const site = join(root, "site");
    mkdirSync(join(site, "css"), { recursive: true });
    writeFileSync(join(site, "index.html"), "<h1>home</h1>");
    writeFileSync(join(site, "봄.txt"), "spring");
    writeFileSync(join(site, "css", "site.css"), "body {}");
    writeFileSync(join(root, "secret"), "secret");
    symlinkSync(join(root, "secret"), join(site, "link"));
    return site;
  }

  test("serves files with their type, and the root object", async () => {
    const edge = await start(...bucket({ folder: folder() }));
    const home = await ask(edge, "/");
    expect([home.body, home.headers["content-type"]]).toEqual(["<h1>home</h1>", "text/html; charset=utf-8"]);
    expect((await ask(edge, "/css/site.css")).headers["content-type"]).toBe("text/css; charset=utf-8");
    expect((await ask(edge, "/%EB%B4%84.txt")).body).toBe("spring");
    expect(result(await ask(edge, "/index.html"))).toBe("Hit");
  });

  test("answers 403 for what is not there, as a bucket that nobody may list", async () => {
    const edge = await start(...bucket({ folder: folder() }));
    for (const path of ["/nothing", "/css", "/css/", "/index.html/", "/%ff", "/a%00b", "/index.html%00"]) {
      const got = await ask(edge, path);
      expect([got.status, got.body.includes("AccessDenied")]).toEqual([403, true]);
    }
  });

  test("is not left by dots or links", async () => {
    const edge = await start(...bucket({ folder: folder() }));
    for (const path of ["/../secret", "/%2e%2e/secret", "/..%2fsecret", "/css/../../secret", "/link", "//../secret"]) {
      expect((await ask(edge, path)).status).toBe(403);
    }
  });
});

describe("custom error responses", () => {
  const customErrorResponses = [
    { status: 404, responseStatus: 200, responsePage: "/index.html" },
    { status: 502, minTtl: 0 },
  ];

  test("give another page and status", async () => {
    const service = await origin((request, response) =>
      request.url === "/index.html" ? page("app")(request, response) : page("no", {}, 404)(request, response),
    );
    const edge = await start(settings({ distribution: { customErrorResponses } }), place(service.url));
    const got = await ask(edge, "/lost");
    expect([got.status, got.body, result(got)]).toEqual([200, "app", "Error"]);
    const again = await ask(edge, "/lost", { headers: { range: "bytes=0-0", "if-none-match": "*" } });
    expect([again.status, again.body]).toEqual([200, "app"]);
    expect(service.requests.map(({ url }) => url)).toEqual(["/lost", "/index.html"]);
  });

  test("leave the error as it is when their page fails too", async () => {
    const service = await origin(page("no", {}, 404));
    const edge = await start(settings({ distribution: { customErrorResponses } }), place(service.url));
    const got = await ask(edge, "/lost");
    expect([got.status, got.body]).toEqual([404, "no"]);
  });

  test("set how long an error is kept", async () => {
    const url = await unused();
    const edge = await start(settings({ distribution: { customErrorResponses } }), place(url));
    expect((await ask(edge, "/a")).headers["age"]).toBeUndefined();
    expect((await ask(edge, "/a")).headers["age"]).toBeUndefined();
  });
});
