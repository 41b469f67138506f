import { existsSync, unwatchFile, watchFile } from "node:fs";
import { join } from "node:path";
import type { Distributions, Environment } from "./configuration/model.ts";
import { ConfigurationError } from "./configuration/problems.ts";
import { type EdgeFunctions, edgeFunctions, type FunctionDefinition } from "./functions/index.ts";
import type { Log } from "./log.ts";

/** The functions as they are built now. */
export interface Bundles {
  functions: EdgeFunctions;
  close(): Promise<void>;
}

const LOOK_EVERY_MILLIS = 250;

/**
 * Runs the bundles in `directory`, and those that take their place there: requests that a function is working on are
 * finished by the one that began them.
 *
 * @throws ConfigurationError when a bundle is missing
 */
export function openBundles(
  file: string,
  { functions = {} }: Distributions,
  environment: Environment,
  directory: string,
  log: Log,
): Bundles {
  const definitions = Object.entries(functions).map(([name, settings]): FunctionDefinition => {
    const config = environment.functions?.[name];
    return { name, ...settings, directory: join(directory, name), ...(config && { config }) };
  });
  const scripts = definitions.map((definition) => join(definition.directory, "index.js"));
  const missing = definitions.filter((_, index) => !existsSync(scripts[index] as string));
  if (missing.length > 0) {
    throw new ConfigurationError(
      missing.map(({ name, directory: folder }) => ({
        file,
        path: `functions.${name}`,
        message: `has no bundle at ${join(folder, "index.js")}; build it, or say --bundles`,
      })),
    );
  }
  let generation = open(definitions);
  let timer: NodeJS.Timeout | undefined;

  // A build writes more than one file: the last change counts.
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(reload, LOOK_EVERY_MILLIS);
  };
  const reload = () => {
    if (!scripts.every((script) => existsSync(script))) {
      return;
    }
    try {
      const next = open(definitions);
      const old = generation;
      generation = next;
      void old.retire();
      log("info", "functions reloaded");
    } catch (error) {
      log("error", "functions not reloaded, the old ones go on", { error: String(error) });
    }
  };
  for (const script of scripts) {
    watchFile(script, { interval: LOOK_EVERY_MILLIS, persistent: false }, ({ mtimeMs }, before) => {
      if (mtimeMs !== 0 && mtimeMs !== before.mtimeMs) {
        changed();
      }
    });
  }

  return {
    functions: {
      run: (...call) => generation.run(...call),
      close: () => generation.retire(),
    },
    async close() {
      clearTimeout(timer);
      for (const script of scripts) {
        unwatchFile(script);
      }
      await generation.retire();
    },
  };
}

interface Generation {
  run: EdgeFunctions["run"];
  /** Closes the functions as soon as nothing is running. */
  retire(): Promise<void>;
}

function open(definitions: FunctionDefinition[]): Generation {
  if (definitions.length === 0) {
    return { run: () => Promise.reject(new Error("there are no functions")), retire: async () => {} };
  }
  const functions = edgeFunctions(definitions);
  const running = new Set<Promise<unknown>>();
  return {
    run(...call) {
      const run = functions.run(...call);
      running.add(run);
      const done = () => running.delete(run);
      run.then(done, done);
      return run;
    },
    async retire() {
      await Promise.allSettled(running);
      await functions.close();
    },
  };
}
