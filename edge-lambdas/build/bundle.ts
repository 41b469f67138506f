import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { type BuildOptions, build, type Plugin } from "esbuild";

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
    save(directory, await module(source, node));
  } else if (runtime === "cloudfront-js-2.0") {
    save(directory, await script(source));
  } else {
    throw new Error(`Runtime ${runtime} is not known here`);
  }
}

/** For Lambda: CommonJS, which loads faster than ES modules, with `exports.handler`. */
function module(source: string, node: string): Promise<string> {
  return run(source, {
    platform: "node",
    format: "cjs",
    target: `node${node}`,
    minify: true,
    plugins: [configStaysOutside],
  });
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
  const code = exported.replace(/export\{handler\};\s*$/, "");
  const bytes = Buffer.byteLength(code);
  if (bytes > CLOUDFRONT_FUNCTION_LIMIT) {
    throw new Error(`It has ${bytes} bytes, and CloudFront takes ${CLOUDFRONT_FUNCTION_LIMIT}`);
  }
  const global = createContext({});
  runInContext(code, global, { filename: "index.js" });
  if (runInContext("typeof handler", global) !== "function") {
    throw new Error("src/index.ts exports no function with the name handler");
  }
  return code;
}

async function run(source: string, options: BuildOptions): Promise<string> {
  const { outputFiles } = await build({
    ...options,
    entryPoints: [join(source, "src/index.ts")],
    bundle: true,
    charset: "utf8",
    legalComments: "none",
    logLevel: "silent",
    write: false,
  });
  return outputFiles[0]?.text ?? "";
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
