import { brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { ask, origin, page, place, raw, result, settings, start } from "./desk.ts";

const TEXT = "campaign ".repeat(1_000);
const CACHE = { acceptEncoding: ["gzip", "br"] as ("gzip" | "br")[] };

async function compressedAs(
  accept: string,
  { body = TEXT, headers = {}, status = 200, cache = CACHE, behavior = {} }: Record<string, unknown> = {},
) {
  const service = await origin(page(body as string, headers as Record<string, string>, status as number));
  const edge = await start(settings({ cache: cache as object, behavior: behavior as object }), place(service.url));
  return ask(edge, "/a", { headers: { "accept-encoding": accept } });
}

test("the edge compresses with br before gzip, as the viewer accepts", async () => {
  const br = await compressedAs("gzip, br", { headers: { etag: '"v1"' } });
  expect(br.headers).toMatchObject({ "content-encoding": "br", vary: "Accept-Encoding", etag: 'W/"v1"' });
  expect(brotliDecompressSync(br.bytes).toString()).toBe(TEXT);
  const gzip = await compressedAs("gzip");
  expect(gzip.headers["content-encoding"]).toBe("gzip");
  expect(gunzipSync(gzip.bytes).toString()).toBe(TEXT);
  expect((await compressedAs("deflate")).headers).not.toHaveProperty("content-encoding");
});

test("a hit is compressed once and tells its length", async () => {
  const service = await origin(page(TEXT));
  const edge = await start(settings({ cache: CACHE }), place(service.url));
  const headers = { "accept-encoding": "gzip, br" };
  const first = await ask(edge, "/a", { headers });
  const second = await ask(edge, "/a", { headers });
  expect([result(second), second.headers["content-length"]]).toEqual(["Hit", String(first.bytes.length)]);
  expect(second.bytes.equals(first.bytes)).toBe(true);
});

test("only from 1,000 to 10,000,000 bytes, of a listed type, of status 200, 403 and 404", async () => {
  const encoding = async (changes: Record<string, unknown>) =>
    (await compressedAs("br", changes)).headers["content-encoding"];
  expect(await encoding({ body: "x".repeat(999) })).toBeUndefined();
  expect(await encoding({ body: "x".repeat(1_000) })).toBe("br");
  expect(await encoding({ body: "x".repeat(10_000_001) })).toBeUndefined();
  expect(await encoding({ headers: { "content-type": "image/png" } })).toBeUndefined();
  expect(await encoding({ headers: { "content-type": "Application/JSON; charset=utf-8" } })).toBe("br");
  expect(await encoding({ status: 404 })).toBe("br");
  expect(await encoding({ status: 500 })).toBeUndefined();
});

test("not where the behavior or the cache policy does not say so", async () => {
  const encoding = async (changes: Record<string, unknown>) =>
    (await compressedAs("br", changes)).headers["content-encoding"];
  expect(await encoding({ behavior: { compress: false } })).toBeUndefined();
  expect(await encoding({ cache: {} })).toBeUndefined();
  expect(await encoding({ behavior: { cachePolicy: "uncached" } })).toBeUndefined();
});

test("what the origin has compressed is left as it is", async () => {
  const bytes = gzipSync(TEXT);
  const service = await origin(page(bytes, { "content-encoding": "gzip" }));
  const edge = await start(settings({ cache: CACHE }), place(service.url));
  const got = await ask(edge, "/a", { headers: { "accept-encoding": "br, gzip" } });
  expect([got.headers["content-encoding"], got.bytes.equals(bytes)]).toEqual(["gzip", true]);
});

test("a viewer of HTTP/1.0 gets nothing compressed", async () => {
  const service = await origin(page(TEXT));
  const edge = await start(settings({ cache: CACHE }), place(service.url));
  const text = await raw(edge, "GET /a HTTP/1.0\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n");
  expect(text).not.toContain("content-encoding");
  expect(text).toContain(TEXT);
});
