import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { FunctionDefinition } from "./index.ts";

export interface Deployment {
  /** Holds index.js and config.json, as Lambda's /var/task does. */
  directory: string;
  remove(): Promise<void>;
}

/**
 * Copies a bundle and writes its config.json, so that a rebuild of the bundle does not change a function that runs.
 * Folders (node_modules with a native module) are linked: Node.js resolves what is in them at their real place, where
 * the module finds its own dependencies and its binary.
 */
export async function deploy({ name, directory, config }: FunctionDefinition): Promise<Deployment> {
  const entries = await readdir(directory, { withFileTypes: true });
  const root = await mkdtemp(join(tmpdir(), `backline-${name}-`));
  const target = join(root, "task");
  await mkdir(target);
  for (const entry of entries) {
    const source = resolve(directory, entry.name);
    if (entry.isDirectory()) await symlink(source, join(target, entry.name), "junction");
    else await cp(source, join(target, entry.name));
  }
  if (config !== undefined) await writeFile(join(target, "config.json"), JSON.stringify(config, null, 2));
  return { directory: target, remove: () => rm(root, { recursive: true, force: true }) };
}
