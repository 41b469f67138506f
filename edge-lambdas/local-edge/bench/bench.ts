/**
 * Requests per second that one local-edge process answers from its cache: `npm run bench -w local-edge`. With taskset
 * (Linux) the process has one core to itself, and the load comes from the others.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import autocannon from "autocannon";

const SECONDS = 10;
const folder = mkdtempSync(join(tmpdir(), "edge-bench-"));
const write = (name: string, content: unknown) => {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  writeFileSync(join(folder, name), text);
};

mkdirSync(join(folder, "site"));
mkdirSync(join(folder, "dist", "kind"), { recursive: true });
write("site/small.html", "x".repeat(2_000));
write("site/large.jpg", "x".repeat(100_000));
write(
  "dist/kind/index.js",
  `function handler(event) {
  var request = event.request;
  var agent = request.headers["user-agent"] ? request.headers["user-agent"].value : "";
  request.headers["x-viewer-kind"] = { value: /scrap|Twitterbot/.test(agent) ? "preview" : "human" };
  return request;
}`,
);
const cachePolicies = {
  plain: { minTtl: 0, defaultTtl: 3600, maxTtl: 3600, acceptEncoding: ["gzip", "br"] },
  kind: { minTtl: 0, defaultTtl: 3600, maxTtl: 3600, headers: ["x-viewer-kind"], acceptEncoding: ["gzip", "br"] },
};
write("distributions.json", {
  functions: { kind: { runtime: "cloudfront-js-2.0" } },
  cachePolicies,
  distributions: {
    web: {
      origins: { site: { type: "s3" } },
      behaviors: [{ path: "/kind/*", origin: "site", cachePolicy: "kind", functions: { "viewer-request": "kind" } }],
      defaultBehavior: { origin: "site", cachePolicy: "plain" },
    },
  },
});
mkdirSync(join(folder, "site", "kind"));
write("site/kind/small.html", "x".repeat(2_000));
write("environment.json", {
  distributions: { web: { id: "EBENCH", hosts: ["127.0.0.1"] } },
  origins: { site: { folder: "site" } },
});

const main = join(import.meta.dirname, "..", "src", "main.ts");
const files = [
  "--distributions",
  join(folder, "distributions.json"),
  "--environment",
  join(folder, "environment.json"),
];
const command = [process.execPath, main, ...files, "--port", "0", "--access-log", join(folder, "access.log")];
const pinned = cpus().length > 1 && spawnSync("taskset", ["-V"]).status === 0;
const [program = "", ...rest] = pinned ? ["taskset", "-c", "0", ...command] : command;
const edge = spawn(program, rest, { stdio: ["ignore", "ignore", "pipe"] });

/** Seconds of processor time that local-edge has used, where the system tells (Linux). */
function cpuSeconds(): number {
  try {
    const fields = readFileSync(`/proc/${edge.pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return Number.NaN;
  }
}

async function ready(): Promise<string> {
  let said = "";
  for await (const text of edge.stderr.iterator({ destroyOnReturn: false })) {
    said += text;
    const [, url] = /"ready","url":"([^"]+)"/.exec(said) ?? [];
    if (url !== undefined) {
      return url;
    }
  }
  throw new Error(said);
}

function figure(value: number): string {
  return Math.round(value).toLocaleString("en").padStart(7);
}

try {
  const place = await ready();
  process.stdout.write(
    `local-edge ${pinned ? "on one core" : "not pinned to a core"}, ${cpus()[0]?.model}, Node.js ${process.version}\n`,
  );
  process.stdout.write(`50 connections, ${SECONDS} s each, access log to a file\n\n`);
  for (const [name, path] of [
    ["2 KB of HTML, compressed", "/small.html"],
    ["the same behind a CloudFront Function", "/kind/small.html"],
    ["100 KB image", "/large.jpg"],
  ] as const) {
    const url = `${place}${path}`;
    const headers = {
      "accept-encoding": "gzip, deflate, br",
      "user-agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64)",
    };
    await autocannon({ url, headers, connections: 50, duration: 2 });
    const before = cpuSeconds();
    const { requests, latency, non2xx, errors } = await autocannon({
      url,
      headers,
      connections: 50,
      duration: SECONDS,
    });
    const rate = figure(requests.average);
    const own = figure(requests.total / (cpuSeconds() - before));
    process.stdout.write(
      `${rate} hits/s, ${own} per second of its processor time, p50 ${latency.p50} ms, p99 ${latency.p99} ms, ${non2xx + errors} failed: ${name}\n`,
    );
  }
} finally {
  edge.kill();
  rmSync(folder, { recursive: true, force: true });
}
