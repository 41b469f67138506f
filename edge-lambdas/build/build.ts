/**
 * Bundles every function of distributions.json to dist/<function>, prints sizes and cold starts, and keeps the sizes in
 * sizes.json, so that a function that grows is seen in review. Fails where one is larger than it may be.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "./bundle.ts";
import { type ColdStart, coldStart, type Size, size } from "./measure.ts";
import { table } from "./table.ts";

const KB = 1024;

/** Ours: with more, a function that only reads DynamoDB has taken in something that it does not need. */
const LIMITS: Record<string, number> = { "og-tags": 300 * KB, "short-url": 300 * KB };

/** Zipped. https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-lambda-at-edge */
const VIEWER_LIMIT = 1024 * KB;
const ORIGIN_LIMIT = 50 * 1024 * KB;

interface Behavior {
  functions?: Partial<Record<"viewer-request" | "origin-request" | "origin-response" | "viewer-response", string>>;
}

interface Distributions {
  functions: Record<string, { runtime: string }>;
  distributions: Record<string, { defaultBehavior: Behavior; behaviors: Behavior[] }>;
}

interface Built {
  name: string;
  runtime: string;
  size: Size;
  coldStart: ColdStart | undefined;
}

const root = join(import.meta.dirname, "..");
const sizesFile = join(root, "sizes.json");

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(join(root, file), "utf8"));
}

/** What local-edge writes beside the bundles; the cold start needs a valid one. */
function deskConfigs(): Record<string, unknown> {
  const desk = readFileSync(join(root, "local-edge/desk.json"), "utf8");
  return JSON.parse(desk.replace(/\$\{\w+:-([^}]*)\}/g, "$1")).functions;
}

/** A folder that nobody deploys would rot unseen. */
function checkFolders(): void {
  const folders = readdirSync(join(root, "functions"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const unused = folders.map((folder) => folder.name).filter((name) => !(name in functions));
  const missing = Object.keys(functions).filter((name) => !existsSync(join(root, "functions", name)));
  if (unused.length > 0 || missing.length > 0) {
    throw new Error(
      [
        ...unused.map((name) => `functions/${name} is not in distributions.json`),
        ...missing.map((name) => `${name} of distributions.json has no folder functions/${name}`),
      ].join("; "),
    );
  }
}

function limit(name: string): number {
  const behaviors = Object.values(distributions).flatMap(({ defaultBehavior, behaviors }) => [
    defaultBehavior,
    ...behaviors,
  ]);
  const atViewer = behaviors.some(
    ({ functions }) => functions?.["viewer-request"] === name || functions?.["viewer-response"] === name,
  );
  return LIMITS[name] ?? (atViewer ? VIEWER_LIMIT : ORIGIN_LIMIT);
}

async function buildFunction(name: string, runtime: string): Promise<Built> {
  const directory = join(root, "dist", name);
  await bundle(join(root, "functions", name), runtime, directory);
  const built = size(directory);
  if (built.zipped > limit(name)) {
    throw new Error(`${built.zipped} bytes zipped, and ${limit(name)} are allowed`);
  }
  const onNode = runtime.startsWith("nodejs");
  return { name, runtime, size: built, coldStart: onNode ? coldStart(directory, configs[name]) : undefined };
}

async function main(): Promise<void> {
  checkFolders();
  const built: Built[] = [];
  for (const [name, { runtime }] of Object.entries(functions)) {
    try {
      built.push(await buildFunction(name, runtime));
    } catch (error) {
      throw new Error(`${name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  const sizes = Object.fromEntries(built.map(({ name, size }) => [name, size]));
  writeFileSync(join(root, "sizes.json"), `${JSON.stringify(sizes, undefined, 2)}\n`);
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
  await main();
} catch (error) {
  console.error(`Build failed: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
