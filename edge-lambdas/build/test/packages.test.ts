import { expect, test } from "vitest";
import { needed } from "../packages.ts";

const LOCKED = {
  "node_modules/sharp": {
    version: "0.35.5",
    dependencies: { semver: "^7.7.3" },
    optionalDependencies: {
      "@img/sharp-linux-x64": "0.35.5",
      "@img/sharp-darwin-arm64": "0.35.5",
      "@img/musl": "1.0.0",
    },
  },
  "node_modules/semver": { version: "7.8.0" },
  "node_modules/@img/sharp-linux-x64": { version: "0.35.5", os: ["linux"], cpu: ["x64"], libc: ["glibc"] },
  "node_modules/@img/sharp-darwin-arm64": { version: "0.35.5", os: ["darwin"], cpu: ["arm64"] },
  "node_modules/@img/musl": { version: "1.0.0", os: ["linux"], cpu: ["x64"], libc: ["musl"] },
  "node_modules/other": { version: "1.0.0" },
};

test("of a package's native parts only those of the platform are needed", () => {
  expect(Object.keys(needed(["sharp"], LOCKED, { os: "linux", cpu: "x64", libc: "glibc" }))).toEqual([
    "node_modules/sharp",
    "node_modules/semver",
    "node_modules/@img/sharp-linux-x64",
  ]);
  expect(Object.keys(needed(["sharp"], LOCKED, { os: "darwin", cpu: "arm64", libc: undefined }))).toEqual([
    "node_modules/sharp",
    "node_modules/semver",
    "node_modules/@img/sharp-darwin-arm64",
  ]);
});

test("a package that is not in the lock file is refused", () => {
  expect(() => needed(["canvas"], LOCKED, { os: "linux", cpu: "x64", libc: "glibc" })).toThrow(
    "needs canvas, which is not in package-lock.json",
  );
});
