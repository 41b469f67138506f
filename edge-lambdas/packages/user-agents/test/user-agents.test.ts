import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { patternsModule } from "../src/generate.ts";
import { deviceOf, kindOf, viewerKind } from "../src/index.ts";
import { PATTERNS } from "../src/patterns.ts";

const CHROME =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";

const cases = read("../../../../services/redirector/src/test/resources/user-agent-cases.tsv")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => line.split("\t") as [kind: string, userAgent: string, source: string]);

function read(file: string): string {
  return readFileSync(new URL(file, import.meta.url), "utf8");
}

test("the patterns are those of the redirector", () => {
  expect(read("../src/patterns.ts")).toBe(patternsModule());
});

test("the table has 120 user agents and more, each once and with a source", () => {
  expect(cases.length).toBeGreaterThanOrEqual(120);
  expect(new Set(cases.map(([, userAgent]) => userAgent)).size).toBe(cases.length);
  expect(cases.filter(([, , source]) => !/^(https:\/\/|[\w.-]+\/[\w.-]+: )/.test(source))).toEqual([]);
});

test.each(cases)("%s: %s", (kind, userAgent) => {
  expect(kindOf(userAgent)).toBe(kind);
  expect(viewerKind(userAgent)).toBe(kind === "preview" ? "preview" : "human");
});

test("every pattern of a preview decides, none is hidden behind an earlier one", () => {
  const previews = PATTERNS.filter(([kind]) => kind === "preview");
  expect(
    previews.filter(([, match, token]) => kindOf(match === "starts" ? token : `x ${token}`) !== "preview"),
  ).toEqual([]);
});

test("who sends no user agent is a program, and gets the page of people", () => {
  for (const userAgent of [undefined, "", " \t"]) {
    expect(kindOf(userAgent)).toBe("bot");
    expect(viewerKind(userAgent)).toBe("human");
  }
});

test("letter case is ignored", () => {
  expect(kindOf("FACEBOOKEXTERNALHIT/1.1;KAKAOTALK-SCRAP/1.0")).toBe("preview");
});

test("the first 1,024 characters decide", () => {
  expect(kindOf(`${"x".repeat(1_024 - 10)}twitterbot`)).toBe("preview");
  expect(kindOf(`${"x".repeat(1_024 - 9)}twitterbot`)).toBe("person");
  expect(kindOf("x".repeat(10_240))).toBe("person");
});

test("a name at the start is no name in the middle", () => {
  expect(kindOf("WhatsApp/2.24.1 A")).toBe("preview");
  expect(kindOf(`${CHROME} WhatsApp/2.24.1`)).toBe("person");
});

describe("the device is a class, not a model", () => {
  test.each([
    ["mobile", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Mobile/15E148"],
    ["mobile", "Mozilla/5.0 (Linux; Android 15; SM-S928N) Chrome/142.0 Mobile Safari/537.36"],
    ["tablet", "Mozilla/5.0 (Linux; Android 14; SM-X910) Chrome/142.0 Safari/537.36"],
    ["tablet", "Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) Mobile/15E148"],
    ["desktop", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605.1.15"],
    ["desktop", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"],
    ["desktop", "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) Chrome/142.0"],
    ["desktop", CHROME],
    ["other", "Mozilla/5.0 (SMART-TV; Tizen 8.0) Version/7.0 TV"],
    ["other", "curl/8.7.1"],
    ["other", undefined],
  ])("%s: %s", (device, userAgent) => {
    expect(deviceOf(userAgent)).toBe(device);
  });
});
