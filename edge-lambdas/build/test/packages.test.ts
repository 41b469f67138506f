import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bundle } from "../bundle.ts";
import { size } from "../measure.ts";
import { addPackages, externalPackages } from "../packages.ts";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "backline-packages-"));
});

afterEach(() => rmSync(directory, { recursive: true }));

function write(files: Record<string, string>) {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(directory, name, ".."), { recursive: true });
    writeFileSync(join(directory, name), content);
  }
}

function installed(version: string, machine: string) {
  const root = `${version}-${machine}`;
  write({
    [`${root}/node_modules/sharp/package.json`]: JSON.stringify({ version }),
    [`${root}/node_modules/@img/sharp-${machine}/sharp.node`]: version,
  });
  return join(directory, root);
}

test("an external package stays outside of the bundle, in the version of package.json", async () => {
  write({
    "function/package.json":
      '{ "bundle": { "packages": ["sharp"] }, "dependencies": { "sharp": "0.35.5", "other": "1.0.0" } }',
    "function/src/index.ts": 'import sharp from "sharp"; export const handler = () => sharp();',
  });
  const packages = externalPackages(join(directory, "function"));
  expect(packages).toEqual([{ name: "sharp", version: "0.35.5" }]);
  await bundle(join(directory, "function"), "nodejs24.x", join(directory, "dist"), packages);
  expect(readFileSync(join(directory, "dist/index.js"), "utf8")).toContain('require("sharp")');
});

test("a function without external packages has none", () => {
  write({ "function/package.json": "{}" });
  expect(externalPackages(join(directory, "function"))).toEqual([]);
});

test("a package has its native parts for Lambda and for the machine that builds", () => {
  const both = [installed("1.0.0", "linux-x64"), installed("1.0.0", "darwin-arm64")];
  addPackages({ name: "sharp", version: "1.0.0" }, both, join(directory, "dist"));
  expect(readdirSync(join(directory, "dist/node_modules/@img"))).toEqual(["sharp-darwin-arm64", "sharp-linux-x64"]);
  expect(size(...both.slice(0, 1)).unzipped).toBe('{"version":"1.0.0"}1.0.0'.length);
});

test("nothing of another version is left", () => {
  const dist = join(directory, "dist");
  addPackages({ name: "sharp", version: "1.0.0" }, [installed("1.0.0", "linux-x64")], dist);
  addPackages({ name: "sharp", version: "2.0.0" }, [installed("2.0.0", "linux-arm64")], dist);
  expect(readdirSync(join(dist, "node_modules/@img"))).toEqual(["sharp-linux-arm64"]);
});
