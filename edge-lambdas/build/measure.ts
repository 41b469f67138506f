import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { zipSync } from "fflate";

export interface Size {
  /** Of all files together, in bytes. */
  unzipped: number;
  /** Of the package that Lambda gets, config.json not counted. */
  zipped: number;
}

/** @param except paths in the directory that do not count, with all that is below them */
export function size(directory: string, except: string[] = []): Size {
  const files: Record<string, Uint8Array> = {};
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const path = relative(directory, join(entry.parentPath, entry.name));
    if (entry.isFile() && !except.some((other) => path === other || path.startsWith(`${other}/`))) {
      files[path] = readFileSync(join(directory, path));
    }
  }
  return {
    unzipped: Object.values(files).reduce((sum, content) => sum + content.length, 0),
    zipped: zipSync(files).length,
  };
}

export interface ColdStart {
  /** From the start of the process until the handler is there, in milliseconds: what Lambda calls init. */
  init: number;
  /** The part of it that is the bundle's own, in milliseconds. */
  load: number;
  /** The first event, in milliseconds, which loads what was left for later; 0 where there was none. */
  first: number;
}

const START = `
  const begin = performance.now();
  const { handler } = require(process.argv[1]);
  const init = performance.now();
  if (typeof handler !== "function") throw new Error("exports no function with the name handler");
  const event = process.argv[2];
  const done = () => {
    const first = event ? performance.now() - init : 0;
    process.stdout.write("\\n" + JSON.stringify({ init, load: init - begin, first }), () => process.exit());
  };
  event ? handler(JSON.parse(event)).then(done) : done();
`;

/** Copies the bundle and writes its config.json. The caller removes the directory. */
export function deploy(bundle: string, config: unknown): string {
  const directory = mkdtempSync(join(tmpdir(), "backline-"));
  cpSync(bundle, directory, { recursive: true });
  writeFileSync(join(directory, "config.json"), JSON.stringify(config ?? {}));
  return directory;
}

/**
 * One start in a process of its own, with an event if there is one.
 *
 * @throws Error with what the function says when it does not start
 */
export function coldStart(directory: string, event?: unknown): ColdStart {
  const parameters = ["-e", START, directory, ...(event === undefined ? [] : [JSON.stringify(event)])];
  const env = { AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local" };
  const { status, stdout, stderr } = spawnSync(process.execPath, parameters, { env, encoding: "utf8" });
  if (status !== 0) {
    throw new Error(`does not start: ${/^\w*Error: .*/m.exec(stderr)?.[0] ?? stderr}`);
  }
  return JSON.parse(stdout.split("\n").at(-1) ?? "");
}

/** What half of the starts, by each of their figures, took at most. */
export function medians(starts: ColdStart[]): ColdStart {
  const median = (figure: keyof ColdStart) =>
    percentile(
      starts.map((start) => start[figure]),
      0.5,
    );
  return { init: median("init"), load: median("load"), first: median("first") };
}

export function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
}
