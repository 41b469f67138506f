/**
 * A process with one bundle, as in Lambda, that times events one after the other, and plain requests to the same server
 * between them. Arguments: directory of the bundle, path to ask for, endpoint. Sends a Timing to its parent.
 */
import { Agent, request } from "node:http";
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";
import { percentile } from "../build/measure.ts";
import { originRequest } from "./events.ts";

/** All in milliseconds. */
export interface Timing {
  /** Of an event, from the call of the handler until its answer. */
  p50: number;
  p99: number;
  /** Of a plain request to the server that stands in for DynamoDB. */
  requestP50: number;
  /** The processor's time for one event, of all threads of the process. */
  cpu: number;
}

const WARM_UP = 2_000;
const EVENTS = 10_000;

const [directory = "", uri = "", endpoint = ""] = process.argv.slice(2);
const { handler } = createRequire(import.meta.url)(directory);
const agent = new Agent({ keepAlive: true });
const event = JSON.stringify(originRequest(uri));

async function invoke(): Promise<number> {
  const parsed = JSON.parse(event);
  const begin = performance.now();
  await handler(parsed);
  return performance.now() - begin;
}

async function ask(): Promise<number> {
  const begin = performance.now();
  await new Promise<void>((resolve, reject) => {
    request(endpoint, { agent, method: "POST", headers: { "X-Amz-Target": "DynamoDB_20120810.GetItem" } })
      .on("response", (response) => text(response).then(() => resolve(), reject))
      .on("error", reject)
      .end("{}");
  });
  return performance.now() - begin;
}

for (let i = 0; i < WARM_UP; i++) {
  await invoke();
  await ask();
}
const events: number[] = [];
const requests: number[] = [];
let cpu = 0;
for (let i = 0; i < EVENTS; i++) {
  const before = process.cpuUsage();
  events.push(await invoke());
  const { user, system } = process.cpuUsage(before);
  cpu += (user + system) / 1_000;
  requests.push(await ask());
}
const timing: Timing = {
  p50: percentile(events, 0.5),
  p99: percentile(events, 0.99),
  requestP50: percentile(requests, 0.5),
  cpu: cpu / EVENTS,
};
process.send?.(timing, () => process.exit());
