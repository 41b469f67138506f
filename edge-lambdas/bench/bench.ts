/**
 * How fast the functions are that read DynamoDB, beside one that does the work of og-tags with the whole AWS SDK: cold, and
 * for one event after the other. Takes the bundles that `npm run build` made.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { bundle } from "../build/bundle.ts";
import { type ColdStart, coldStart, deploy, medians, size } from "../build/measure.ts";
import { table } from "../build/table.ts";
import { originRequest } from "./events.ts";
import type { Timing } from "./run.ts";

const COLD_STARTS = 25;

interface Contender {
  name: string;
  bundle: string;
  uri: string;
  config: object;
  /** Of AWS, for one event. */
  calls: number;
}

interface Result extends ColdStart, Timing {
  name: string;
  calls: number;
  zipped: number;
}

const root = join(import.meta.dirname, "..");

function contenders(sdk: string, endpoint: string): Contender[] {
  const source = { replicas: ["us-east-1"], endpoint };
  const previews = { siteUrl: "https://backline.example", siteName: "Backline", table: "campaign-previews", ...source };
  const links = {
    shortUrl: "https://go.example",
    table: "links",
    clicksQueueUrl: `${endpoint}/000000000000/clicks`,
    clicksRegion: "us-east-1",
    ...source,
  };
  return [
    { name: "og-tags", bundle: join(root, "dist/og-tags"), uri: "/campaigns/spring", config: previews, calls: 1 },
    { name: "short-url", bundle: join(root, "dist/short-url"), uri: "/spring", config: links, calls: 2 },
    { name: "og-tags with the AWS SDK", bundle: sdk, uri: "/campaigns/spring", config: previews, calls: 1 },
  ].filter((contender) => existsSync(contender.bundle));
}

async function firstMessage<T>(process: ChildProcess): Promise<T> {
  const ended = once(process, "exit").then(([code]) => Promise.reject(new Error(`A process ended with ${code}`)));
  const [message] = await Promise.race([once(process, "message"), ended]);
  return message as T;
}

async function measure(all: Contender[], endpoint: string): Promise<Result[]> {
  const directories = all.map((contender) => deploy(contender.bundle, contender.config));
  try {
    // In turns, so that a busy moment is no contender's bad luck.
    const starts = all.map(() => [] as ColdStart[]);
    for (let i = 0; i < COLD_STARTS; i++) {
      for (const [k, { uri }] of all.entries()) {
        starts[k]?.push(coldStart(directories[k] ?? "", originRequest(uri)));
      }
    }
    const results: Result[] = [];
    for (const [k, { name, bundle, uri, calls }] of all.entries()) {
      const env = { AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local" };
      const process = fork(join(root, "bench/run.ts"), [directories[k] ?? "", uri, endpoint], {
        env,
        stdio: ["ignore", "ignore", "inherit", "ipc"],
      });
      const timing = await firstMessage<Timing>(process);
      results.push({ name, calls, zipped: size(bundle).zipped, ...medians(starts[k] ?? []), ...timing });
    }
    return results;
  } finally {
    for (const directory of directories) {
      rmSync(directory, { recursive: true });
    }
  }
}

function print(results: Result[]): void {
  const millis = (value: number) => `${value.toFixed(value < 10 ? 2 : 0)} ms`;
  console.log(`${cpus().length} x ${cpus()[0]?.model}, Node.js ${process.version}\n`);
  console.log(
    table(
      ["", "zipped", "init", "of it the bundle", "first event", "p50", "p99", "own time p50", "CPU per event"],
      results.map(({ name, calls, zipped, init, load, first, p50, p99, requestP50, cpu }) => [
        name,
        `${(zipped / 1024).toFixed(0)} KB`,
        ...[init, load, first, p50, p99, p50 - calls * requestP50, cpu].map(millis),
      ]),
    ),
  );
}

const sdk = mkdtempSync(join(tmpdir(), "backline-bench-"));
const server = fork(join(root, "bench/dynamodb.ts"));
try {
  await bundle(join(root, "bench/aws-sdk"), "nodejs24.x", sdk);
  const endpoint = await firstMessage<string>(server);
  print(await measure(contenders(sdk, endpoint), endpoint));
} finally {
  server.kill();
  rmSync(sdk, { recursive: true });
}
