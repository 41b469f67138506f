import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ask, origin, page, place, result, settings, start } from "./desk.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

function passSeconds(seconds: number): void {
  vi.setSystemTime(Date.now() + seconds * 1000);
}

test("a second request is a hit, with its age, and the origin is asked once", async () => {
  const service = await origin(page("hello", { "cache-control": "max-age=100" }));
  const edge = await start(settings({}), place(service.url));

  const first = await ask(edge, "/a");
  passSeconds(7);
  const second = await ask(edge, "/a");

  expect([result(first), result(second)]).toEqual(["Miss", "Hit"]);
  expect([first.headers["age"], second.headers["age"]]).toEqual([undefined, "7"]);
  expect(second.body).toBe("hello");
  expect(second.headers).toMatchObject({ "content-length": "5", "x-amz-cf-pop": "DESK1-P1" });
  expect(second.headers["via"]).toMatch(/^1\.1 [0-9a-f]{32}\.cloudfront\.net \(CloudFront\)$/);
  expect(second.headers["x-amz-cf-id"]).toMatch(/^[\w-]{54}==$/);
  expect(first.headers["x-amz-cf-id"]).not.toBe(second.headers["x-amz-cf-id"]);
  expect(service.requests).toHaveLength(1);
});

describe("time to live", () => {
  async function keptFor(headers: Record<string, string>, cache: object = {}, status = 200): Promise<number> {
    const service = await origin(page("hello", headers, status));
    const edge = await start(settings({ cache }), place(service.url));
    await ask(edge, "/a");
    let seconds = 0;
    for (const step of [1, 9, 10, 40, 41, 99, 100, 3500, 3700]) {
      if (step > seconds) {
        passSeconds(step - seconds);
        seconds = step;
      }
      await ask(edge, "/a");
      if (service.requests.length > 1) {
        return seconds;
      }
    }
    return Number.POSITIVE_INFINITY;
  }

  test("is the default where the origin says nothing", async () => {
    expect(await keptFor({}, { defaultTtl: 40 })).toBe(40);
  });

  test("is max-age, and s-maxage before max-age", async () => {
    expect(await keptFor({ "cache-control": "max-age=100" })).toBe(100);
    expect(await keptFor({ "cache-control": "s-maxage=41, max-age=100" })).toBe(41);
    expect(await keptFor({ "cache-control": "Max-Age=41" })).toBe(41);
  });

  test("counts the age that the response came with", async () => {
    expect(await keptFor({ "cache-control": "max-age=100", age: "60" })).toBe(40);
  });

  test("is Expires where there is no max-age", async () => {
    const date = new Date(Date.now()).toUTCString();
    const expires = new Date(Date.now() + 41_000).toUTCString();
    expect(await keptFor({ date, expires })).toBe(41);
    expect(await keptFor({ date, expires, "cache-control": "max-age=100" })).toBe(100);
  });

  test("is at most the maximum and at least the minimum", async () => {
    expect(await keptFor({ "cache-control": "max-age=9999999" })).toBe(3700);
    expect(await keptFor({ "cache-control": "max-age=5" }, { minTtl: 40 })).toBe(40);
    expect(await keptFor({}, { minTtl: 40, defaultTtl: 40 })).toBe(40);
  });

  test("is none for no-store, private and no-cache, unless there is a minimum", async () => {
    for (const directive of ["no-store", "private", "no-cache", "Private, max-age=60"]) {
      expect(await keptFor({ "cache-control": directive })).toBe(1);
      expect(await keptFor({ "cache-control": directive }, { minTtl: 40, defaultTtl: 40 })).toBe(40);
    }
  });

  test("is none for Vary: *", async () => {
    expect(await keptFor({ vary: "*" })).toBe(1);
  });

  test("is none where the policy disables caching", async () => {
    expect(await keptFor({ "cache-control": "max-age=100" }, { minTtl: 0, defaultTtl: 0, maxTtl: 0 })).toBe(1);
  });

  test("of an error is ten seconds, or max-age where that is longer", async () => {
    expect(await keptFor({}, {}, 404)).toBe(10);
    expect(await keptFor({ "cache-control": "max-age=5" }, {}, 404)).toBe(10);
    expect(await keptFor({ "cache-control": "max-age=41" }, {}, 404)).toBe(41);
    expect(await keptFor({ "cache-control": "no-store" }, {}, 500)).toBe(10);
    expect(await keptFor({ "cache-control": "no-store" }, {}, 404)).toBe(1);
  });

  test("of some errors is none unless the origin gives one", async () => {
    for (const status of [400, 403, 405, 410, 412, 415]) {
      expect(await keptFor({}, {}, status)).toBe(1);
      expect(await keptFor({ "cache-control": "max-age=41" }, {}, status)).toBe(41);
    }
  });

  test("of a redirect is that of any object", async () => {
    expect(await keptFor({ location: "/b" }, { defaultTtl: 40 }, 302)).toBe(40);
    expect(await keptFor({ location: "/b", "cache-control": "private, no-store" }, {}, 302)).toBe(1);
  });
});

test("what a viewer says about caching is ignored", async () => {
  const service = await origin(page("hello"));
  const edge = await start(settings({}), place(service.url));
  await ask(edge, "/a");
  const headers = { "cache-control": "no-cache, no-store", pragma: "no-cache" };
  expect(result(await ask(edge, "/a", { headers }))).toBe("Hit");
});

describe("revalidation", () => {
  test("asks with ETag and Last-Modified; 304 is a RefreshHit that renews the object", async () => {
    const modified = new Date(Date.now() - 100_000).toUTCString();
    const service = await origin((request, response) => {
      const known = request.headers["if-none-match"] === '"v1"' && request.headers["if-modified-since"] === modified;
      const headers = { etag: '"v1"', "last-modified": modified, "cache-control": "max-age=50" };
      response.writeHead(known ? 304 : 200, { ...headers, "x-count": known ? "again" : "first" });
      response.end(known ? undefined : "hello");
    });
    const edge = await start(settings({}), place(service.url));
    await ask(edge, "/a");
    passSeconds(51);
    const refreshed = await ask(edge, "/a");
    passSeconds(49);
    const later = await ask(edge, "/a");

    expect([result(refreshed), refreshed.status, refreshed.body]).toEqual(["RefreshHit", 200, "hello"]);
    expect([result(later), later.body, later.headers["x-count"]]).toEqual(["Hit", "hello", "again"]);
    expect(service.requests).toHaveLength(2);
  });

  test("replaces what has changed", async () => {
    const service = await origin((_, response, count) => page(`v${count}`, { etag: `"${count}"` })(_, response));
    const edge = await start(settings({}), place(service.url));
    await ask(edge, "/a");
    passSeconds(61);
    const changed = await ask(edge, "/a");
    expect([result(changed), changed.body]).toEqual(["Miss", "v2"]);
    expect((await ask(edge, "/a")).body).toBe("v2");
  });

  test("asks what the edge wants to know, not the viewer who happens to come, where all headers are forwarded", async () => {
    const service = await origin((request, response, count) => {
      const known = request.headers["if-none-match"] === '"v2"';
      response.writeHead(known ? 304 : 200, known ? { etag: '"v2"' } : {});
      response.end(known ? undefined : `v${count}`);
    });
    const everything = { originRequestPolicies: { all: { headers: "all" as const } } };
    const behavior = { originRequestPolicy: "all" };
    const edge = await start(settings({ behavior, more: everything }), place(service.url));
    await ask(edge, "/a");
    passSeconds(61);
    const changed = await ask(edge, "/a", { headers: { "if-none-match": '"v2"' } });
    expect([changed.status, changed.body]).toEqual([200, "v2"]);
    expect((await ask(edge, "/a")).body).toBe("v2");
  });

  test("happens each time for an object that may not be used without, such as max-age=0", async () => {
    const service = await origin((request, response) => {
      const known = request.headers["if-none-match"] === '"v1"';
      response.writeHead(known ? 304 : 200, { etag: '"v1"', "cache-control": "max-age=0" });
      response.end(known ? undefined : "hello");
    });
    const edge = await start(settings({}), place(service.url));
    const results = [];
    for (let i = 0; i < 3; i++) {
      results.push(result(await ask(edge, "/a")));
    }
    expect(results).toEqual(["Miss", "RefreshHit", "RefreshHit"]);
  });

  test("in the background: the old one is served meanwhile where stale-while-revalidate allows it", async () => {
    const service = await origin((_, response, count) =>
      page(`v${count}`, { "cache-control": "max-age=10, stale-while-revalidate=30" })(_, response),
    );
    const edge = await start(settings({}), place(service.url));
    await ask(edge, "/a");
    passSeconds(20);
    const stale = await ask(edge, "/a");
    expect([result(stale), stale.body]).toEqual(["Hit", "v1"]);
    await expect.poll(async () => (await ask(edge, "/a")).body).toBe("v2");
    expect(service.requests).toHaveLength(2);
  });

  test("in the background brings the whole object, also when a viewer asks for its headers or a part of it", async () => {
    for (const viewer of [{ method: "HEAD" }, { headers: { range: "bytes=0-0" } }]) {
      const service = await origin((_, response, count) =>
        page(`v${count}`, { "cache-control": "max-age=10, stale-while-revalidate=30" })(_, response),
      );
      const edge = await start(settings({}), place(service.url));
      await ask(edge, "/a");
      passSeconds(20);
      expect(result(await ask(edge, "/a", viewer))).toBe("Hit");
      await expect.poll(async () => (await ask(edge, "/a")).body).toBe("v2");
      const [, refresh] = service.requests;
      expect([refresh?.method, refresh?.headers.range]).toEqual(["GET", undefined]);
    }
  });
});

describe("a stale object is served when the origin", () => {
  async function stale(headers: Record<string, string>, broken: "down" | 500) {
    let fails = false;
    const service = await origin((request, response) =>
      fails ? page("broken", {}, 500)(request, response) : page("hello", headers)(request, response),
    );
    const edge = await start(settings({}), place(service.url));
    await ask(edge, "/a");
    passSeconds(61);
    fails = true;
    if (broken === "down") {
      await service.stop();
    }
    return { edge, service, answer: await ask(edge, "/a") };
  }

  test("is down", async () => {
    const { answer } = await stale({}, "down");
    expect([answer.status, answer.body, result(answer)]).toEqual([200, "hello", "Hit"]);
  });

  test("answers 5xx, and it is left alone for ten seconds then", async () => {
    const { edge, service, answer } = await stale({}, 500);
    expect([answer.status, answer.body]).toEqual([200, "hello"]);
    expect((await ask(edge, "/a")).body).toBe("hello");
    expect(service.requests).toHaveLength(2);
    passSeconds(11);
    await ask(edge, "/a");
    expect(service.requests).toHaveLength(3);
  });

  test("fails, but not longer than stale-if-error says, nor where must-revalidate forbids it", async () => {
    expect((await stale({ "cache-control": "max-age=60, stale-if-error=0" }, 500)).answer.status).toBe(500);
    expect((await stale({ "cache-control": "max-age=60, stale-if-error=0" }, "down")).answer.status).toBe(502);
    expect((await stale({ "cache-control": "max-age=60, stale-if-error=30" }, 500)).answer.status).toBe(200);
    expect((await stale({ "cache-control": "max-age=60, must-revalidate" }, 500)).answer.status).toBe(500);
  });
});

describe("the key", () => {
  async function missesFor(cache: object, asked: [string, Record<string, string>?][]): Promise<number> {
    const service = await origin(page("hello"));
    const edge = await start(settings({ cache }), place(service.url));
    for (const [path, headers] of asked) {
      await ask(edge, path, headers ? { headers } : {});
    }
    return service.requests.length;
  }

  test("is the path alone, letter case and encoding as sent", async () => {
    expect(await missesFor({}, [["/a"], ["/a?x=1"], ["/a?y"], ["/a", { cookie: "c=1", "user-agent": "x" }]])).toBe(1);
    expect(await missesFor({}, [["/a"], ["/A"], ["/%61"], ["/a/"]])).toBe(4);
  });

  test("has the query strings that the policy names, with their values", async () => {
    const cache = { queryStrings: ["w"] };
    expect(await missesFor(cache, [["/a?w=1"], ["/a?w=1&x=2"], ["/a?y=3&w=1"]])).toBe(1);
    expect(await missesFor(cache, [["/a?w=1"], ["/a?w=2"], ["/a?W=1"], ["/a?w"]])).toBe(4);
    expect(await missesFor({ queryStrings: { except: ["utm"] } }, [["/a?utm=1"], ["/a?utm=2"], ["/a?b=1"]])).toBe(2);
    expect(await missesFor({ queryStrings: "all" }, [["/a?x=1"], ["/a?x=2"], ["/a?x=1"]])).toBe(2);
  });

  test("has the cookies that the policy names", async () => {
    const cache = { cookies: ["lang"] };
    expect(
      await missesFor(cache, [
        ["/a", { cookie: "lang=ko; id=1" }],
        ["/a", { cookie: "id=2; lang=ko" }],
      ]),
    ).toBe(1);
    expect(await missesFor(cache, [["/a", { cookie: "lang=ko" }], ["/a", { cookie: "lang=en" }], ["/a"]])).toBe(3);
  });

  test("has the headers that the policy names, whatever their letter case", async () => {
    const cache = { headers: ["X-Viewer-Kind"] };
    const kind = (value: string): [string, Record<string, string>] => ["/a", { "x-viewer-kind": value }];
    expect(await missesFor(cache, [kind("human"), kind("preview"), kind("human"), ["/a"]])).toBe(3);
  });

  test("cannot be forged with the separator of its parts", async () => {
    const cache = { headers: ["x-a", "x-b"] };
    const asked: [string, Record<string, string>][] = [
      ["/a", { "x-a": "1", "x-b": "2" }],
      ["/a", { "x-a": "1\t2" }],
      ["/a", { "x-a": "1%0A2" }],
      ["/a%0A", { "x-a": "1", "x-b": "2" }],
    ];
    expect(await missesFor(cache, asked)).toBe(4);
  });

  test("has Accept-Encoding in CloudFront's own spelling", async () => {
    const cache = { acceptEncoding: ["gzip", "br"] };
    const accept = (value: string): [string, Record<string, string>] => ["/a", { "accept-encoding": value }];
    const same = [accept("gzip, deflate, br"), accept("br;q=1.0, gzip;q=0.5, zstd"), accept("GZIP,BR")];
    expect(await missesFor(cache, same)).toBe(1);
    expect(await missesFor(cache, [accept("gzip"), accept("br"), accept("deflate"), ["/a"], accept("gzip;q=0")])).toBe(
      3,
    );
  });
});

describe("requests for the same object at the same time", () => {
  test("are one request to the origin", async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const service = await origin((request, response) => void released.then(() => page("hello")(request, response)));
    const edge = await start(settings({}), place(service.url));
    const asked = Promise.all(Array.from({ length: 20 }, () => ask(edge, "/a")));
    await expect.poll(() => service.requests.length).toBe(1);
    release();
    const answers = await asked;
    expect(new Set(answers.map(({ body }) => body))).toEqual(new Set(["hello"]));
    expect(answers.map(result).filter((each) => each === "Miss")).toHaveLength(1);
    expect(service.requests).toHaveLength(1);
  });

  test("get each their own answer where it may not be shared", async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const service = await origin(
      (request, response, count) =>
        void released.then(() => page(`for ${count}`, { "cache-control": "private" })(request, response)),
    );
    const edge = await start(settings({}), place(service.url));
    const asked = Promise.all(Array.from({ length: 5 }, () => ask(edge, "/a")));
    await expect.poll(() => service.requests.length).toBe(1);
    release();
    const bodies = (await asked).map(({ body }) => body);
    expect(new Set(bodies).size).toBe(5);
  });

  test("are not held up by the first one's viewer, who reads nothing or goes away", async () => {
    const body = Buffer.alloc(4_000_000, "x");
    const service = await origin(page(body));
    const edge = await start(settings({}), place(service.url));
    const slow = connect(edge.port, "127.0.0.1", () => slow.write("GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    slow.pause();
    await expect.poll(() => service.requests.length).toBe(1);
    const other = await ask(edge, "/a");
    expect([result(other), other.bytes.length]).toEqual(["Hit", body.length]);
    slow.destroy();
    expect(result(await ask(edge, "/a"))).toBe("Hit");
  });
});

test("the cache is bounded, and what was used least recently leaves first", async () => {
  const service = await origin(page(Buffer.alloc(100_000)));
  const edge = await start(settings({}), place(service.url), { cacheBytes: 350_000 });
  for (const path of ["/a", "/b", "/c", "/a", "/d"]) {
    await ask(edge, path);
  }
  expect(result(await ask(edge, "/a"))).toBe("Hit");
  expect(result(await ask(edge, "/b"))).toBe("Miss");
});

test("an object above the limit is passed on and not kept, whether its length is told or not", async () => {
  const body = Buffer.alloc(300_000, "x");
  const service = await origin((request, response) => {
    if (request.url === "/told") {
      page(body)(request, response);
    } else {
      response.write(body.subarray(0, 150_000));
      response.end(body.subarray(150_000));
    }
  });
  const edge = await start(settings({}), place(service.url), { objectBytes: 200_000 });
  for (const path of ["/told", "/chunked"]) {
    expect((await ask(edge, path)).bytes.equals(body)).toBe(true);
    expect(result(await ask(edge, path))).toBe("Miss");
  }
});

test("HEAD is answered from what GET left, and leaves nothing itself", async () => {
  const service = await origin((request, response) =>
    request.method === "HEAD"
      ? response.writeHead(200, { "content-length": 5 }).end()
      : page("hello")(request, response),
  );
  const edge = await start(settings({}), place(service.url));
  expect(result(await ask(edge, "/a", { method: "HEAD" }))).toBe("Miss");
  expect(result(await ask(edge, "/a"))).toBe("Miss");
  const head = await ask(edge, "/a", { method: "HEAD" });
  expect([result(head), head.headers["content-length"], head.body]).toEqual(["Hit", "5", ""]);
});

test("a viewer that has the object gets 304", async () => {
  const modified = new Date(Date.now() - 100_000).toUTCString();
  const service = await origin(page("hello", { etag: '"v1"', "last-modified": modified }));
  const edge = await start(settings({}), place(service.url));
  const conditions = [{ "if-none-match": '"v0", W/"v1"' }, { "if-none-match": "*" }, { "if-modified-since": modified }];
  for (const headers of conditions) {
    const got = await ask(edge, "/a", { headers });
    expect([got.status, got.body, got.headers["etag"]]).toEqual([304, "", '"v1"']);
  }
  expect(service.requests).toHaveLength(1);
  expect((await ask(edge, "/a", { headers: { "if-none-match": '"v2"', "if-modified-since": modified } })).status).toBe(
    200,
  );
});

describe("ranges", () => {
  const digits = "0123456789";

  test("are cut from a kept object", async () => {
    const service = await origin(page(digits, { etag: '"v1"' }));
    const edge = await start(settings({}), place(service.url));
    await ask(edge, "/a");
    const parts = ["bytes=2-4", "bytes=7-", "bytes=-2", "bytes=8-100"];
    const got = await Promise.all(parts.map((range) => ask(edge, "/a", { headers: { range } })));
    expect(got.map(({ status, body }) => [status, body])).toEqual([
      [206, "234"],
      [206, "789"],
      [206, "89"],
      [206, "89"],
    ]);
    expect(got[0]?.headers).toMatchObject({ "content-range": "bytes 2-4/10", "content-length": "3" });
    expect((await ask(edge, "/a", { headers: { range: "bytes=10-" } })).status).toBe(416);
    for (const range of ["bytes=4-2", "bytes=0-1,4-5", "lines=1-2", "bytes=-", "bytes=a-b"]) {
      expect((await ask(edge, "/a", { headers: { range } })).status).toBe(200);
    }
    const condition = (tag: string) => ({ range: "bytes=2-4", "if-range": tag });
    expect((await ask(edge, "/a", { headers: condition('"v1"') })).status).toBe(206);
    expect((await ask(edge, "/a", { headers: condition('"v2"') })).status).toBe(200);
    expect(service.requests).toHaveLength(1);
  });

  test("of what is not there are the origin's, and a part is not kept as the whole", async () => {
    const service = await origin((request, response) => {
      if (request.headers.range === undefined) {
        page(digits)(request, response);
      } else {
        response.writeHead(206, { "content-range": "bytes 2-4/10", "content-length": 3 }).end("234");
      }
    });
    const edge = await start(settings({}), place(service.url));
    const part = await ask(edge, "/a", { headers: { range: "bytes=2-4" } });
    expect([part.status, part.body, part.headers["content-range"]]).toEqual([206, "234", "bytes 2-4/10"]);
    const whole = await ask(edge, "/a");
    expect([whole.status, whole.body, result(whole)]).toEqual([200, digits, "Miss"]);
  });
});
