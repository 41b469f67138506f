import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { checkDistributions } from "./distributions.ts";
import { checkEnvironment } from "./environment.ts";
import type { Distributions, Environment } from "./model.ts";
import { ConfigurationError } from "./problems.ts";

/** @throws ConfigurationError when the file cannot be read, or says something wrong */
export function loadDistributions(file: string): Distributions {
  return checkDistributions(file, readJson(file));
}

/** @throws ConfigurationError when the file cannot be read, or says something wrong */
export function loadEnvironment(file: string, distributions: Distributions, variables = process.env): Environment {
  return checkEnvironment(file, readJson(file), distributions, variables, dirname(resolve(file)));
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const message = error instanceof SyntaxError ? `is no JSON: ${error.message}` : `cannot be read: ${String(error)}`;
    throw new ConfigurationError([{ file, path: "(the whole file)", message }]);
  }
}
