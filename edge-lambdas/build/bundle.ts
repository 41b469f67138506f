import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { installPackages, packagesOf } from "./packages.ts";

/** Of a CloudFront Function's source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html */
const CLOUDFRONT_FUNCTION_LIMIT = 10 * 1024;

/** Stays a file beside index.js, written by whoever deploys the bundle. */
const configStaysOutside: Plugin = {
  name: "config.json",
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.{1,2}\/(.*\/)?config\.json$/ }, () => ({ path: "./config.json", external: true })),
};

/**
 * What runtime 2.0 has beyond ES 5.1. What cannot be expressed with that (classes, destructuring, ...) fails the build.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html
 */
const CLOUDFRONT_JS_2: BuildOptions = {
  target: "es5",
  supported: {
    arrow: true,
    "async-await": true,
    "const-and-let": true,
    "exponent-operator": true,
    "regexp-named-capture-groups": true,
    "rest-argument": true,
    "template-literal": true,
  },
};

/** Writes `directory`/index.js for the runtime, from `source`/src/index.ts. */
export async function bundle(source: string, runtime: string, directory: string): Promise<void> {
  const node = /^nodejs(\d+)\.x$/.exec(runtime)?.[1];
  if (node !== undefined) {
    const packages = packagesOf(source);
    save(directory, await module(source, node, packages));
    installPackages(packages, directory);
  } else if (runtime === "cloudfront-js-2.0") {
    save(directory, await script(source));
  } else {
    throw new Error(`has a runtime that is not known here: ${runtime}`);
  }
}

/** For Lambda: CommonJS, which loads faster than ES modules, with `exports.handler`. */
async function module(source: string, node: string, packages: string[]): Promise<string> {
  const { code } = await run(source, {
    platform: "node",
    format: "cjs",
    target: `node${node}`,
    minify: true,
    external: packages,
    plugins: [configStaysOutside],
  });
  return code;
}

/** A CloudFront Function: one script with a global `handler`. Names stay, since its errors know no source map. */
async function script(source: string): Promise<string> {
  const exported = await run(source, {
    ...CLOUDFRONT_JS_2,
    platform: "neutral",
    format: "esm",
    minifySyntax: true,
    minifyWhitespace: true,
  });
  const code = exported.code.replace(/export\{handler\};\s*$/, "");
  if (exported.imports.length > 0) {
    throw new Error(`imports ${exported.imports.join(", ")}, and a CloudFront Function has no modules`);
  }
  const bytes = Buffer.byteLength(code);
  if (bytes > CLOUDFRONT_FUNCTION_LIMIT) {
    throw new Error(`has ${bytes} bytes, and CloudFront takes ${CLOUDFRONT_FUNCTION_LIMIT}`);
  }
  const global = createContext({});
  runInContext(code, global, { filename: "index.js" });
  if (runInContext("typeof handler", global) !== "function") {
    throw new Error("exports no function with the name handler from src/index.ts");
  }
  return code;
}

async function run(source: string, options: BuildOptions): Promise<{ code: string; imports: string[] }> {
  const { outputFiles, metafile } = await build({
    ...options,
    entryPoints: [join(source, "src/index.ts")],
    bundle: true,
    charset: "utf8",
    legalComments: "none",
    logLevel: "silent",
    metafile: true,
    write: false,
  });
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports.map(({ path }) => path));
  return { code: outputFiles[0]?.text ?? "", imports };
}

/** In one step, and only where something changed: local-edge watches these files. */
function save(directory: string, code: string): void {
  const file = join(directory, "index.js");
  if (existsSync(file) && readFileSync(file, "utf8") === code) {
    return;
  }
  mkdirSync(directory, { recursive: true });
  writeFileSync(`${file}.new`, code);
  renameSync(`${file}.new`, file);
}
