/** What one run of a function costs local-edge, without the function's own work: `node local-edge/bench/functions.ts` */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { edgeFunctions, type FunctionDefinition, type Run } from "../src/functions/index.ts";

const context = { distributionId: "EBENCH", distributionDomainName: "bench.cloudfront.net", requestId: "bench" };
const browser =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 KAKAOTALK 11.0.0";
const request = {
  clientIp: "203.0.113.178",
  method: "GET",
  uri: "/campaigns/spring",
  querystring: "",
  headers: Object.fromEntries(
    Object.entries({
      Host: "localhost:8080",
      "User-Agent": browser,
      Accept: "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
      "Accept-Encoding": "gzip, deflate, br",
      "Accept-Language": "ko-KR,ko;q=0.9",
      "X-Amzn-Trace-Id": "Root=1-5759e988-bd862e3fe1be46a994272793",
    }).map(([key, value]) => [key.toLowerCase(), [{ key, value }]]),
  ),
};

const tokens = Array.from({ length: 30 }, (_, at) => `preview-fetcher-${at}`);
const classify = `const tokens = ${JSON.stringify(tokens)};
function handler(event) {
  const agent = event.request.headers["user-agent"].value.toLowerCase();
  const preview = tokens.some((token) => agent.includes(token));
  event.request.headers["x-viewer-kind"] = { value: preview ? "preview" : "human" };
  return event.request;
}`;
const page = `exports.handler = async () => ({
  status: "200",
  headers: { "content-type": [{ key: "Content-Type", value: "text/html" }] },
  body: "<!doctype html>".padEnd(4000, "a"),
});`;

const folder = mkdtempSync(join(tmpdir(), "local-edge-bench-"));
function bundle(name: string, runtime: FunctionDefinition["runtime"], code: string): FunctionDefinition {
  const directory = mkdtempSync(join(folder, name));
  writeFileSync(join(directory, "index.js"), code);
  return { name, runtime, directory };
}

async function measure(name: string, runs: number, run: () => Promise<Run>): Promise<void> {
  const cold = performance.now();
  const { outcome } = await run();
  if (outcome.kind === "failure") throw new Error(outcome.reason);
  const first = performance.now() - cold;
  for (let at = 0; at < runs / 10; at++) await run();
  const times: number[] = [];
  const start = performance.now();
  for (let at = 0; at < runs; at++) {
    const begin = performance.now();
    await run();
    times.push(performance.now() - begin);
  }
  const total = performance.now() - start;
  times.sort((a, b) => a - b);
  const at = (share: number) => ((times[Math.floor(times.length * share)] ?? 0) * 1000).toFixed(0).padStart(6);
  console.log(
    `${name.padEnd(44)} p50 ${at(0.5)} us   p99 ${at(0.99)} us   ${Math.round((runs / total) * 1000)} runs/s   first ${first.toFixed(0)} ms`,
  );
}

const functions = edgeFunctions([
  bundle("classify", "cloudfront-js-2.0", classify),
  bundle("page", "nodejs24.x", page),
]);
console.log(`Node.js ${process.version}, ${cpus()[0]?.model}`);
await measure("CloudFront Function, viewer-request", 20_000, () =>
  functions.run("classify", "viewer-request", context, request),
);
await measure("Lambda@Edge, origin-request, a page of 4 KB", 5_000, () =>
  functions.run("page", "origin-request", context, request),
);
await functions.close();
rmSync(folder, { recursive: true });
