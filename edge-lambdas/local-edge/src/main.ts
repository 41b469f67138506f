#!/usr/bin/env node
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { loadDistributions, loadEnvironment } from "./configuration/load.ts";
import { ConfigurationError } from "./configuration/problems.ts";
import { log } from "./log.ts";
import { startLocalEdge } from "./server.ts";

const USAGE = `CloudFront on your desk.

local-edge --distributions distributions.json --environment environment.json [options]

  --distributions FILE  behaviors, policies, functions, WAF rules
  --environment FILE    ids, hosts and origins on this machine
  --bundles DIR         <function>/index.js of each function (default: dist beside the distributions)
  --port N              8080
  --address ADDRESS     127.0.0.1
  --control-port N      invalidations and the page of requests there, not on the viewers' port
  --access-log PLACE    a file, "-" for stdout (default), or "none"
  --cache-megabytes N   256; the least recently used leave first
  --object-megabytes N  16; larger objects are passed on and not kept
  --check               checks both files and ends
  --help
`;

async function main(): Promise<number | undefined> {
  const { values } = parseArgs({
    options: {
      distributions: { type: "string" },
      environment: { type: "string" },
      bundles: { type: "string" },
      port: { type: "string", default: "8080" },
      address: { type: "string", default: "127.0.0.1" },
      "control-port": { type: "string" },
      "access-log": { type: "string", default: "-" },
      "cache-megabytes": { type: "string", default: "256" },
      "object-megabytes": { type: "string", default: "16" },
      check: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (values.distributions === undefined || values.environment === undefined) {
    process.stderr.write(USAGE);
    return 2;
  }
  const distributions = loadDistributions(values.distributions);
  const environment = loadEnvironment(values.environment, distributions);
  if (values.check) {
    process.stdout.write(`${values.distributions} and ${values.environment} are right.\n`);
    return 0;
  }
  const edge = await startLocalEdge({
    file: values.distributions,
    distributions,
    environment,
    bundles: values.bundles ?? join(dirname(resolve(values.distributions)), "dist"),
    address: values.address,
    port: number(values.port, "--port", 0, 65_535),
    ...(values["control-port"] !== undefined && {
      controlPort: number(values["control-port"], "--control-port", 0, 65_535),
    }),
    accessLog: values["access-log"],
    cacheBytes: number(values["cache-megabytes"], "--cache-megabytes", 1, 65_536) * 1024 * 1024,
    objectBytes: number(values["object-megabytes"], "--object-megabytes", 1, 1_024) * 1024 * 1024,
  });
  let stopping = false;
  const stop = () => {
    if (!stopping) {
      stopping = true;
      void edge.close().then(() => process.exit(0));
    }
  };
  process.on("SIGTERM", stop);
  // A terminal sends Ctrl-C to all of its processes, and a supervisor among them SIGTERM after that.
  process.once("SIGINT", () => {
    process.once("SIGINT", () => process.exit(130));
    stop();
  });
  // After that somebody may stop it.
  log("info", "ready", {
    url: `http://${values.address}:${edge.port}`,
    requests: `http://localhost:${edge.controlPort ?? edge.port}/__edge`,
  });
  return undefined;
}

function number(text: string, option: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new UsageError(`${option} must be a whole number from ${least} to ${most}, not ${JSON.stringify(text)}`);
  }
  return value;
}

class UsageError extends Error {}

try {
  const status = await main();
  if (status !== undefined) {
    process.exitCode = status;
  }
} catch (error) {
  const known = error instanceof ConfigurationError || error instanceof UsageError;
  const { code, message } = error as NodeJS.ErrnoException;
  if (known || code?.startsWith("ERR_PARSE_ARGS")) {
    process.stderr.write(`${message}\n`);
  } else if (code === "EADDRINUSE" || code === "EACCES") {
    process.stderr.write(`The port cannot be opened: ${message}\n`);
  } else {
    process.stderr.write(`${(error as Error).stack}\n`);
  }
  process.exitCode = 1;
}
