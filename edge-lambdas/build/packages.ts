/**
 * Packages with a binary of their own, which cannot be in a bundle: the function's package.json names them in
 * `bundle.packages`, and the build puts them into node_modules beside index.js. Always with the binaries for Lambda at the
 * edge, which is Linux on x64, whatever this machine is; on another one also with its own, for local-edge.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const cache = join(root, "node_modules/.cache/backline");

/** Of package-lock.json. */
interface LockedPackage {
  version: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  os?: string[];
  cpu?: string[];
  libc?: string[];
}

/** By their path, such as `node_modules/sharp`. */
type Locked = Record<string, LockedPackage>;

interface Platform {
  os: string;
  cpu: string;
  libc: string | undefined;
}

/** What was installed, so that it is not done again. */
const STATE = "node_modules/.backline";

const LAMBDA: Platform = { os: "linux", cpu: "x64", libc: "glibc" };

export function packagesOf(source: string): string[] {
  const file = join(source, "package.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")).bundle?.packages ?? []) : [];
}

export function installPackages(names: string[], directory: string): void {
  if (names.length === 0) {
    return;
  }
  const all = lockedPackages();
  const lambda = needed(names, all, LAMBDA);
  const own = onlyHere(names);
  const target = join(directory, "node_modules");
  const state = join(directory, STATE);
  const wanted = [...Object.keys(lambda), ...own].map((path) => `${path} ${all[path]?.version}\n`).join("");
  if (existsSync(state) && readFileSync(state, "utf8") === wanted) {
    return;
  }
  rmSync(target, { recursive: true, force: true });
  const fetched = fetch(lambda);
  for (const path of Object.keys(lambda)) {
    cpSync(join(fetched, path), join(directory, path), { recursive: true });
  }
  for (const path of own) {
    cpSync(join(root, path), join(directory, path), { recursive: true });
  }
  writeFileSync(state, wanted);
}

/** Paths in the function's folder that Lambda has no use for: they are there for this machine, or for the next build. */
export function withoutUse(names: string[]): string[] {
  return names.length === 0 ? [] : [STATE, ...onlyHere(names)];
}

function onlyHere(names: string[]): string[] {
  const all = lockedPackages();
  const lambda = needed(names, all, LAMBDA);
  return Object.keys(needed(names, all, thisMachine())).filter((path) => !(path in lambda));
}

function lockedPackages(): Locked {
  return JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
}

/** These packages and all that they need on that platform. */
export function needed(names: string[], all: Locked, platform: Platform): Locked {
  const found: Locked = {};
  function add(name: string, isOptional: boolean): void {
    const path = `node_modules/${name}`;
    const entry = all[path];
    if (entry === undefined) {
      throw new Error(`needs ${name}, which is not in package-lock.json`);
    }
    if (path in found || (isOptional && !fits(entry, platform))) {
      return;
    }
    found[path] = entry;
    for (const dependency of Object.keys(entry.dependencies ?? {})) {
      add(dependency, false);
    }
    for (const dependency of Object.keys(entry.optionalDependencies ?? {})) {
      add(dependency, true);
    }
  }
  for (const name of names) {
    add(name, false);
  }
  return found;
}

function fits({ os, cpu, libc }: LockedPackage, platform: Platform): boolean {
  const allows = (list: string[] | undefined, value: string | undefined) =>
    list === undefined || (value !== undefined && list.includes(value));
  return allows(os, platform.os) && allows(cpu, platform.cpu) && allows(libc, platform.libc);
}

function thisMachine(): Platform {
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  const libc = header?.glibcVersionRuntime === undefined ? "musl" : "glibc";
  return { os: process.platform, cpu: process.arch, libc: process.platform === "linux" ? libc : undefined };
}

/** npm refuses a lock file that lacks what it names. */
function withoutOthers(entry: LockedPackage, packages: Locked): LockedPackage {
  const optional = Object.entries(entry.optionalDependencies ?? {});
  const kept = optional.filter(([name]) => `node_modules/${name}` in packages);
  return { ...entry, optionalDependencies: Object.fromEntries(kept) };
}

/** A directory with these very packages, which npm gets from the registry and checks against the lock file's sums. */
function fetch(packages: Locked): string {
  const dependencies = Object.fromEntries(
    Object.entries(packages).map(([path, { version }]) => [path.slice("node_modules/".length), version]),
  );
  const locked = Object.entries(packages).map(([path, entry]) => [path, withoutOthers(entry, packages)]);
  const lock = JSON.stringify({
    lockfileVersion: 3,
    packages: { "": { dependencies }, ...Object.fromEntries(locked) },
  });
  const directory = join(cache, createHash("sha256").update(lock).digest("hex").slice(0, 16));
  if (!existsSync(directory)) {
    mkdirSync(cache, { recursive: true });
    const fresh = mkdtempSync(join(cache, "fresh-"));
    writeFileSync(join(fresh, "package.json"), JSON.stringify({ private: true, dependencies }));
    writeFileSync(join(fresh, "package-lock.json"), lock);
    const platform = [`--os=${LAMBDA.os}`, `--cpu=${LAMBDA.cpu}`, `--libc=${LAMBDA.libc}`];
    execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", ...platform], {
      cwd: fresh,
      stdio: ["ignore", "ignore", "inherit"],
    });
    renameSync(fresh, directory);
  }
  return directory;
}
