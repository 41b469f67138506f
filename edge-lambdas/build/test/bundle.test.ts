import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bundle } from "../bundle.ts";
import { size } from "../measure.ts";

let source: string;
let dist: string;

beforeEach(() => {
  const directory = mkdtempSync(join(tmpdir(), "backline-bundle-"));
  source = join(directory, "source");
  dist = join(directory, "dist");
  mkdirSync(join(source, "src"), { recursive: true });
});

afterEach(() => rmSync(join(source, ".."), { recursive: true }));

function write(files: Record<string, string>) {
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(source, "src", name), content);
  }
}

const code = () => readFileSync(join(dist, "index.js"), "utf8");

describe("a Lambda@Edge function", () => {
  test("is one CommonJS file that reads config.json beside it", async () => {
    write({
      "index.ts": `
        import config from "./config.json" with { type: "json" };
        import { greet } from "./greet.ts";
        export const handler = async (name: string) => greet(config.greeting, name);`,
      "greet.ts": "export const greet = (...words: string[]) => words.join(', ');",
    });
    await bundle(source, "nodejs24.x", dist);
    expect(readdirSync(dist)).toEqual(["index.js"]);
    writeFileSync(join(dist, "config.json"), '{"greeting":"안녕"}');
    const { handler } = createRequire(import.meta.url)(join(dist, "index.js"));
    expect(await handler("봄")).toBe("안녕, 봄");
  });

  test("with an import that is not there fails the build", async () => {
    write({ "index.ts": 'import { x } from "not-installed"; export const handler = () => x;' });
    await expect(bundle(source, "nodejs24.x", dist)).rejects.toThrow(/not-installed/);
  });

  test("for a runtime that is not known fails the build", async () => {
    write({ "index.ts": "export const handler = () => {};" });
    await expect(bundle(source, "python3.13", dist)).rejects.toThrow(/python3\.13/);
  });

  test("that did not change is not written again", async () => {
    write({ "index.ts": "export const handler = () => 1;" });
    await bundle(source, "nodejs24.x", dist);
    const { ino } = statSync(join(dist, "index.js"));
    await bundle(source, "nodejs24.x", dist);
    expect(statSync(join(dist, "index.js")).ino).toBe(ino);
    write({ "index.ts": "export const handler = () => 2;" });
    await bundle(source, "nodejs24.x", dist);
    expect(statSync(join(dist, "index.js")).ino).not.toBe(ino);
  });
});

describe("a CloudFront Function", () => {
  const runtime = "cloudfront-js-2.0";

  test("is one script with a global handler", async () => {
    write({
      "index.ts": `
        import { PREVIEWS } from "./list.ts";
        export function handler(event: { agent?: { value: string } }) {
          return PREVIEWS.indexOf(event.agent?.value ?? "") >= 0;
        }`,
      "list.ts": 'export const PREVIEWS = ["kakaotalk-scrap"];',
    });
    await bundle(source, runtime, dist);
    const global = createContext({ event: { agent: { value: "kakaotalk-scrap" } } });
    runInContext(code(), global);
    expect(runInContext("handler(event)", global)).toBe(true);
    expect(runInContext("handler({})", global)).toBe(false);
  });

  test("is written without what runtime 2.0 does not have", async () => {
    write({
      "index.ts": `
        export function handler(event: { a?: { b: number }, list: number[] }) {
          const copy = { ...event };
          return (copy.a?.b ?? 0) + \`\${event.list}\`.length;
        }`,
    });
    await bundle(source, runtime, dist);
    expect(code()).not.toMatch(/\?\.|\?\?|\.\.\./);
  });

  test.each([
    ["a class", "class A { b() {} } export function handler() { return new A(); }"],
    ["a generator", "function* g() { yield 1; } export function handler() { return g(); }"],
    ["destructuring", "export function handler(event) { const { a, ...rest } = event; return [a, rest]; }"],
    ["for-of", "export function handler(event) { for (const a of event) { return a; } }"],
    [
      "an import of Node.js",
      'import { readFileSync } from "node:fs"; export function handler() { return readFileSync; }',
    ],
    ["require", 'export function handler() { try { return require("crypto"); } catch (e) {} }'],
    ["import()", 'export function handler() { return import("node:fs").catch(() => {}); }'],
    ["an export of another name", "export function handle() {}"],
    ["more exports", "export function handler() {} export const more = 1;"],
    ["a handler that is no function", "export const handler = 5;"],
    ["no export", "function handler() {}"],
  ])("with %s fails the build", async (_what, content) => {
    write({ "index.ts": content });
    await expect(bundle(source, runtime, dist)).rejects.toThrow();
  });

  test("of more than 10 KB fails the build, with its size", async () => {
    write({ "index.ts": `const list = "${"가".repeat(3_500)}"; export function handler() { return list; }` });
    await expect(bundle(source, runtime, dist)).rejects.toThrow(/has 10\d\d\d bytes, and CloudFront takes 10240/);
  });
});

test("a size counts every file of the package that Lambda uses", async () => {
  mkdirSync(join(dist, "node_modules/x"), { recursive: true });
  writeFileSync(join(dist, "index.js"), "a".repeat(1_000));
  writeFileSync(join(dist, "node_modules/x/x.node"), "b".repeat(2_000));
  const { unzipped, zipped } = size(dist);
  expect(unzipped).toBe(3_000);
  expect(zipped).toBeLessThan(600);
  expect(size(dist, ["node_modules/x"]).unzipped).toBe(1_000);
});
