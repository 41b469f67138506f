import { readFileSync, writeFileSync } from "node:fs";

const list = new URL(
  "../../../../services/redirector/src/main/resources/dev/backline/redirector/click/user-agents.tsv",
  import.meta.url,
);
const module = new URL("patterns.ts", import.meta.url);

/** The module that the redirector's list becomes. */
export function patternsModule(): string {
  const patterns = readFileSync(list, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .map((line) => {
      const [kind, match, token, source] = line.split("\t");
      return `  ["${kind}", "${match}", ${JSON.stringify(token?.toLowerCase())}], // ${source}`;
    });
  return [
    "// Made from the redirector's user-agents.tsv by `npm run generate -w @backline/user-agents`; a test compares them.",
    'import type { Pattern } from "./index.ts";',
    "",
    "export const PATTERNS: readonly Pattern[] = [",
    ...patterns,
    "];",
    "",
  ].join("\n");
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync(module, patternsModule());
}
