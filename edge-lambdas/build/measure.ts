import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { zipSync } from "fflate";

export interface Size {
  /** Of all files together, in bytes. */
  unzipped: number;
  /** Of the package that Lambda gets, config.json not counted. */
  zipped: number;
}

export function size(directory: string): Size {
  const files: Record<string, Uint8Array> = {};
  for (const file of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (file.isFile()) {
      const path = join(file.parentPath, file.name);
      files[relative(directory, path)] = readFileSync(path);
    }
  }
  return {
    unzipped: Object.values(files).reduce((sum, content) => sum + content.length, 0),
    zipped: zipSync(files, { level: 9 }).length,
  };
}

export interface ColdStart {
  /** From the start of the process until the handler is there, in milliseconds: what Lambda calls init. */
  init: number;
  /** The part of it that is the bundle's own, in milliseconds. */
  load: number;
}

const LOAD = `
  const begin = performance.now();
  const { handler } = require(process.argv[1]);
  const end = performance.now();
  if (typeof handler !== "function") throw new Error("exports no handler");
  console.log(JSON.stringify({ init: end, load: end - begin }));
`;

/** Medians of several processes, each of which loads the bundle for the first time. */
export function coldStart(directory: string, config: unknown, runs = 9): ColdStart {
  const deployed = mkdtempSync(join(tmpdir(), "backline-"));
  try {
    cpSync(directory, deployed, { recursive: true });
    writeFileSync(join(deployed, "config.json"), JSON.stringify(config ?? {}));
    const starts = Array.from({ length: runs }, () => start(deployed));
    return { init: median(starts.map((each) => each.init)), load: median(starts.map((each) => each.load)) };
  } finally {
    rmSync(deployed, { recursive: true });
  }
}

function start(directory: string): ColdStart {
  const env = { AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local" };
  return JSON.parse(execFileSync(process.execPath, ["-e", LOAD, directory], { env, encoding: "utf8" }));
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
