import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { expect, test } from "vitest";
import { fill } from "../src/fill.ts";

const body = () => Readable.from([Buffer.from("01234"), Buffer.from("56789")]);

test("a body within the limits is there for the viewer and for the cache", async () => {
  const budget = { left: 100 };
  const { stream, whole } = fill(body(), 10, budget);
  expect((await buffer(stream)).toString()).toBe("0123456789");
  expect((await whole)?.toString()).toBe("0123456789");
  expect(budget.left).toBe(100);
});

test("a body above the limit, or that others leave no room for, is for the viewer alone", async () => {
  for (const [limit, left] of [
    [9, 100],
    [10, 9],
  ] as const) {
    const budget = { left };
    const { stream, whole } = fill(body(), limit, budget);
    expect((await buffer(stream)).toString()).toBe("0123456789");
    expect(await whole).toBeUndefined();
    expect(budget.left).toBe(left);
  }
});

test("a body that breaks off is an error for the viewer and nothing for the cache", async () => {
  const budget = { left: 100 };
  const broken = Readable.from(
    (async function* () {
      yield Buffer.from("01234");
      throw new Error("closed");
    })(),
  );
  const { stream, whole } = fill(broken, 10, budget);
  await expect(buffer(stream)).rejects.toThrow("closed");
  expect(await whole).toBeUndefined();
  expect(budget.left).toBe(100);
});

test("a large body for a slow viewer piles up no listeners", async () => {
  const chunks = Array.from({ length: 200 }, () => Buffer.alloc(64 * 1024));
  const { stream } = fill(Readable.from(chunks), 10, { left: 100 });
  const before = stream.listenerCount("close");
  let most = 0;
  for await (const _ of stream) {
    most = Math.max(most, stream.listenerCount("close") - before);
  }
  expect(most).toBeLessThan(5);
});

test("a viewer that goes away leaves a body within the limits to be read to its end, and a larger one not", async () => {
  const kept = fill(body(), 10, { left: 100 });
  kept.stream.destroy();
  expect((await kept.whole)?.toString()).toBe("0123456789");
  const endless = Readable.from(
    (async function* () {
      for (;;) {
        yield Buffer.alloc(100);
      }
    })(),
  );
  const large = fill(endless, 10, { left: 100 });
  large.stream.destroy();
  expect(await large.whole).toBeUndefined();
  await expect.poll(() => endless.destroyed).toBe(true);
});
