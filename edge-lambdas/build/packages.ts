import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

export interface Package {
  name: string;
  version: string;
}

/** In npm's words. */
export interface Machine {
  os: string;
  cpu: string;
}

/** Lambda@Edge has no arm64. */
export const LAMBDA: Machine = { os: "linux", cpu: "x64" };
export const HERE: Machine = { os: process.platform, cpu: process.arch };

/**
 * Packages with native parts, which no bundle can hold: the function's package.json lists their names in
 * `bundle.packages`, and their versions as dependencies.
 */
export function externalPackages(source: string): Package[] {
  const { dependencies = {}, bundle = {} } = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
  return (bundle.packages ?? []).map((name: string) => ({ name, version: dependencies[name] }));
}

/** A directory with the package for the machine, and all that it depends on. npm is asked once for each version. */
export function install({ name, version }: Package, { os, cpu }: Machine, cache: string): string {
  const directory = join(cache, `${name.replace("/", "+")}-${version}-${os}-${cpu}`);
  if (!existsSync(directory)) {
    const unfinished = `${directory}.new`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true });
    const machine = [`--os=${os}`, `--cpu=${cpu}`, ...(os === "linux" ? ["--libc=glibc"] : [])];
    const quiet = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
    const parameters = [
      "install",
      "--prefix",
      unfinished,
      ...machine,
      ...quiet,
      "--prefer-offline",
      `${name}@${version}`,
    ];
    execFileSync("npm", parameters, { cwd: unfinished, stdio: ["ignore", "ignore", "inherit"] });
    rmSync(join(unfinished, "node_modules/.package-lock.json"));
    renameSync(unfinished, directory);
  }
  return directory;
}

/** Copies what was installed into `directory`, where another version is replaced. */
export function addPackages({ name, version }: Package, installed: string[], directory: string): void {
  const file = join(directory, "node_modules", name, "package.json");
  if (existsSync(file) && JSON.parse(readFileSync(file, "utf8")).version === version) {
    return;
  }
  rmSync(join(directory, "node_modules"), { recursive: true, force: true });
  for (const source of new Set(installed)) {
    cpSync(source, directory, { recursive: true });
  }
}
