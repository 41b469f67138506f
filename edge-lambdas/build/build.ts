/**
 * Bundles every function of distributions.json (or those that are named) to dist/<function>, prints sizes and cold
 * starts, and keeps the sizes in sizes.json, so that a function that grows is seen in review. Fails where one is larger
 * than it may be.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadDistributions, loadEnvironment } from "../local-edge/src/configuration/load.ts";
import type { Distributions } from "../local-edge/src/configuration/model.ts";
import { bundle } from "./bundle.ts";
import { type ColdStart, coldStart, deploy, medians, type Size, size } from "./measure.ts";
import { packagesOf, withoutUse } from "./packages.ts";
import { table } from "./table.ts";

const KB = 1024;

/** Ours: with more, a function that only reads DynamoDB has taken in something that it does not need. */
const LIMITS: Record<string, number> = { "og-tags": 300 * KB, "short-url": 300 * KB };

/** Zipped. https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-lambda-at-edge */
const VIEWER_LIMIT = 1024 * KB;
const ORIGIN_LIMIT = 50 * 1024 * KB;

const COLD_STARTS = 9;

type Functions = NonNullable<Distributions["functions"]>;

interface Built {
  name: string;
  runtime: string;
  size: Size;
  coldStart: ColdStart | undefined;
}

const root = join(import.meta.dirname, "..");
const sizesFile = join(root, "sizes.json");

/** A folder that nobody deploys would rot unseen. */
function checkFolders(functions: Functions): void {
  const entries = readdirSync(join(root, "functions"), { withFileTypes: true });
  const unused = entries.find((entry) => entry.isDirectory() && !(entry.name in functions));
  if (unused !== undefined) {
    throw new Error(`functions/${unused.name} is not in distributions.json`);
  }
}

/** Of the zipped function, in bytes. */
function limit(name: string, { distributions }: Distributions): number {
  const atViewer = Object.values(distributions)
    .flatMap(({ defaultBehavior, behaviors = [] }) => [defaultBehavior, ...behaviors])
    .some(({ functions }) => functions?.["viewer-request"] === name || functions?.["viewer-response"] === name);
  return LIMITS[name] ?? (atViewer ? VIEWER_LIMIT : ORIGIN_LIMIT);
}

async function buildFunction(name: string, distributions: Distributions, config: unknown): Promise<Built> {
  const runtime = distributions.functions?.[name]?.runtime;
  if (runtime === undefined) {
    throw new Error("is not in distributions.json");
  }
  const source = join(root, "functions", name);
  if (!existsSync(source)) {
    throw new Error("has no folder in functions/");
  }
  const directory = join(root, "dist", name);
  await bundle(source, runtime, directory);
  const built = size(directory, withoutUse(packagesOf(source)));
  if (built.zipped > limit(name, distributions)) {
    throw new Error(`has ${built.zipped} bytes zipped, and may have ${limit(name, distributions)}`);
  }
  const isModule = runtime !== "cloudfront-js-2.0";
  return { name, runtime, size: built, coldStart: isModule ? coldStarts(directory, config) : undefined };
}

function coldStarts(bundle: string, config: unknown): ColdStart {
  const directory = deploy(bundle, config);
  try {
    return medians(Array.from({ length: COLD_STARTS }, () => coldStart(directory)));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Those of functions that were not built now stay, those of functions that are no more do not. */
function keepSizes(functions: Functions, built: Built[]): void {
  const sizes = new Map<string, Size>(
    existsSync(sizesFile) ? Object.entries(JSON.parse(readFileSync(sizesFile, "utf8"))) : [],
  );
  for (const { name, size } of built) {
    sizes.set(name, size);
  }
  const kept = [...sizes].filter(([name]) => name in functions).sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(sizesFile, `${JSON.stringify(Object.fromEntries(kept), undefined, 2)}\n`);
}

async function main(names: string[]): Promise<void> {
  const distributions = loadDistributions(join(root, "distributions.json"));
  // What local-edge writes beside the bundles: a cold start needs a valid configuration.
  const { functions: configs = {} } = loadEnvironment(join(root, "local-edge/desk.json"), distributions);
  const { functions = {} } = distributions;
  checkFolders(functions);
  mkdirSync(join(root, "dist"), { recursive: true });
  // Lambda finds no package.json and takes the files for CommonJS; here the workspace's own would say otherwise.
  writeFileSync(join(root, "dist/package.json"), '{ "type": "commonjs" }\n');
  const built: Built[] = [];
  for (const name of names.length > 0 ? names : Object.keys(functions)) {
    try {
      built.push(await buildFunction(name, distributions, configs[name]));
    } catch (error) {
      throw new Error(`${name} ${error instanceof Error ? error.message : error}`);
    }
  }
  keepSizes(functions, built);
  console.log(
    table(
      ["function", "runtime", "bytes", "zipped", "load", "init"],
      built.map(({ name, runtime, size, coldStart }) => [
        name,
        runtime,
        size.unzipped.toLocaleString("en"),
        size.zipped.toLocaleString("en"),
        coldStart ? `${coldStart.load.toFixed(0)} ms` : "",
        coldStart ? `${coldStart.init.toFixed(0)} ms` : "",
      ]),
    ),
  );
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(`The build failed: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
