// Brings the services' log lines from CloudWatch Logs to OpenSearch, without ever filling its write queue, and without losing a line when OpenSearch is away.
//
// The queue in front is Lambda's own, and bounded: by the age of an event, and by the concurrency of this function (see LogShipping in infra). What OpenSearch
// turns away (429, 5xx) is sent again with growing pauses, the refused lines only. What it never accepts, and what is left when the time is up, is stored in
// the dead-letter bucket, in the form in which `_bulk` takes it. Only if that fails, too, does the invocation fail: then Lambda repeats it, and in the end
// stores the event itself in that bucket.
import { gunzipSync, gzipSync } from "node:zlib";
import { AwsError, backOff, isPassing, log, send } from "./aws.mjs";

/**
 * @typedef {{ id: string, timestamp: number, message: string }} LogEvent
 * @typedef {{ id: string, index: string, lines: string }} Entry a document of a `_bulk` request: its two lines
 * @typedef {{ getRemainingTimeInMillis(): number, awsRequestId: string }} Context
 */

/** Large enough to be efficient, small enough for the smallest instance's limit of 10 MiB and for its memory. */
const MAX_BATCH_BYTES = 4 * 1024 * 1024;
const MAX_BATCH_ENTRIES = 1_000;

/** For writing the dead letters. */
const RESERVE_MILLIS = 15_000;

export async function handler(/** @type {{ awslogs: { data: string } }} */ event, /** @type {Context} */ context) {
  const data = JSON.parse(gunzipSync(Buffer.from(event.awslogs.data, "base64")).toString());
  if (data.messageType !== "DATA_MESSAGE") {
    return; // CloudWatch Logs asks whether the destination can be reached.
  }
  const counts = { shipped: 0, retried: 0, deadLettered: 0 };
  let part = 0;
  for (const batch of batches(data)) {
    const { left, reason } = await ship(batch, context, counts);
    if (left.length > 0) {
      await putAside(left, reason, `${context.awsRequestId}-${++part}`);
      counts.deadLettered += left.length;
    }
  }
  measure(counts, data.logGroup);
}

/**
 * Sends until all is taken, only hopeless lines are left, or the time is up.
 *
 * @param {Entry[]} batch of one index
 * @param {Context} context
 * @param {{ shipped: number, retried: number }} counts
 * @returns {Promise<{ left: Entry[], reason: string }>}
 */
async function ship(batch, context, counts) {
  /** @type {Entry[]} */
  const hopeless = [];
  let reason = "";
  let waiting = batch;
  for (let attempt = 1; waiting.length > 0; attempt++) {
    try {
      const results = await bulk(waiting);
      const next = waiting.filter((_, i) => isTurnedAway(results[i]?.status));
      for (const [i, entry] of waiting.entries()) {
        const result = results[i];
        if (isRefused(result?.status)) {
          hopeless.push(entry);
          reason = result?.error?.reason ?? "refused";
        }
      }
      counts.shipped += results.filter((result) => isTaken(result.status)).length;
      waiting = next;
    } catch (error) {
      if (!isPassing(error)) {
        return { left: [...hopeless, ...waiting], reason: String(error) };
      }
      reason = String(error);
    }
    if (waiting.length > 0) {
      if (context.getRemainingTimeInMillis() < RESERVE_MILLIS) {
        return { left: [...hopeless, ...waiting], reason: reason || "OpenSearch turned it away until the time was up" };
      }
      counts.retried += waiting.length;
      await backOff(attempt);
    }
  }
  return { left: hopeless, reason };
}

/** An event can be delivered twice: then the line is there (409), which is as good. */
const isTaken = (/** @type {number} */ status) => status < 300 || status === 409;
const isTurnedAway = (/** @type {number | undefined} */ status) =>
  status === undefined || status === 429 || status >= 500;
const isRefused = (/** @type {number | undefined} */ status) =>
  status !== undefined && !isTaken(status) && !isTurnedAway(status);

/** @returns {Promise<{ status: number, error?: { reason?: string } }[]>} one result per entry, in their order */
async function bulk(/** @type {Entry[]} */ entries) {
  const answer = await send({
    service: "es",
    region: region(),
    method: "POST",
    url: new URL(`/${entries[0]?.index}/_bulk`, process.env.SEARCH_ENDPOINT),
    headers: { "content-type": "application/x-ndjson" },
    body: entries.map((entry) => entry.lines).join(""),
  });
  const { items } = JSON.parse(answer);
  if (items?.length !== entries.length) {
    throw new AwsError(502, answer);
  }
  return items.map((/** @type {any} */ item) => item.create);
}

/**
 * By index, that is by day, and of a bounded size.
 *
 * @param {{ logGroup: string, logStream: string, logEvents: LogEvent[] }} data
 */
function* batches(data) {
  /** @type {Map<string, Entry[]>} */
  const days = new Map();
  for (const event of data.logEvents) {
    const entry = toEntry(event, data);
    const day = days.get(entry.index);
    day ? day.push(entry) : days.set(entry.index, [entry]);
  }
  for (const entries of days.values()) {
    /** @type {Entry[]} */
    let batch = [];
    let bytes = 0;
    for (const entry of entries) {
      const size = Buffer.byteLength(entry.lines);
      if (batch.length === MAX_BATCH_ENTRIES || (batch.length > 0 && bytes + size > MAX_BATCH_BYTES)) {
        yield batch;
        batch = [];
        bytes = 0;
      }
      batch.push(entry);
      bytes += size;
    }
    yield batch;
  }
}

/** The members of a service's line that are searched for. */
const FIELDS = ["level", "logger_name", "traceId", "service", "stack_trace"];

/** @returns {Entry} */
function toEntry(
  /** @type {LogEvent} */ { id, timestamp, message },
  /** @type {{ logGroup: string, logStream: string }} */ { logGroup, logStream },
) {
  const time = new Date(timestamp).toISOString();
  const line = parse(message);
  /** @type {Record<string, unknown>} */
  const document = { "@timestamp": time, group: logGroup, stream: logStream, message: line?.message ?? message };
  if (line) {
    for (const field of FIELDS) {
      if (line[field] !== undefined) {
        document[field] = line[field];
      }
    }
    // As one text: members that every class invents would each become a field of the index, until it takes no more.
    const more = Object.entries(line).filter(([name]) => !(name in document));
    if (more.length > 0) {
      document.more = JSON.stringify(Object.fromEntries(more));
    }
  }
  const index = `logs-${time.slice(0, 10).replaceAll("-", ".")}`;
  return { id, index, lines: `${JSON.stringify({ create: { _id: id } })}\n${JSON.stringify(document)}\n` };
}

/** @returns {Record<string, unknown> | undefined} undefined for what is not a JSON object: a JVM's own message, a crash */
function parse(/** @type {string} */ text) {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

async function putAside(/** @type {Entry[]} */ entries, /** @type {string} */ reason, /** @type {string} */ name) {
  log({ level: "error", message: "put aside", lines: entries.length, reason, name });
  const index = entries[0]?.index;
  const url = new URL(`/refused/${index}/${name}.ndjson.gz`, process.env.DEAD_LETTERS);
  const body = gzipSync(entries.map((entry) => entry.lines).join(""));
  for (let attempt = 1; ; attempt++) {
    try {
      await send({
        service: "s3",
        region: region(),
        method: "PUT",
        url,
        headers: { "content-type": "application/x-ndjson", "content-encoding": "gzip" },
        body,
      });
      return;
    } catch (error) {
      if (attempt === 3 || !isPassing(error)) {
        throw error;
      }
      await backOff(attempt);
    }
  }
}

/** In CloudWatch's embedded metric format: what alarms look at. */
function measure(/** @type {Record<string, number>} */ counts, /** @type {string} */ group) {
  const metrics = Object.keys(counts).map((name) => ({ Name: name, Unit: "Count" }));
  log({
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [{ Namespace: "Backline/LogShipping", Dimensions: [["environment"]], Metrics: metrics }],
    },
    environment: process.env.ENVIRONMENT,
    group,
    ...counts,
  });
}

function region() {
  return process.env.AWS_REGION ?? "";
}
