import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { coldStart, percentile } from "../measure.ts";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "backline-measure-"));
});

afterEach(() => rmSync(directory, { recursive: true }));

function write(code: string) {
  writeFileSync(join(directory, "index.js"), code);
}

test("a cold start has the time of the whole process, of the bundle, and of the first event", () => {
  write('console.log("starts"); exports.handler = async (event) => { console.log(event.name); };');
  const { init, load, first } = coldStart(directory, { name: "first" });
  expect(init).toBeGreaterThan(load);
  expect(load).toBeGreaterThan(0);
  expect(first).toBeGreaterThan(0);
  expect(coldStart(directory).first).toBe(0);
});

test.each([
  ["throws", 'throw new Error("config.json: table must be a text");', "config.json: table must be a text"],
  ["needs what is not there", 'require("not-here");', "Cannot find module 'not-here'"],
  ["exports nothing", "", "exports no function with the name handler"],
  ["fails with its first event", 'exports.handler = async () => { throw new Error("no"); };', "no"],
])("a function that %s does not start, and it is said why", (_what, code, reason) => {
  write(code);
  expect(() => coldStart(directory, {})).toThrow(`does not start: Error: ${reason}`);
});

test("a percentile is one of the values", () => {
  expect(percentile([3, 1, 2], 0.5)).toBe(2);
  expect(percentile([4, 1, 2, 3], 0.99)).toBe(3);
  expect(percentile([5], 0.5)).toBe(5);
});
