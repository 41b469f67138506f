import { text as readText } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { parseObject } from "./json.ts";
import { currentTrace } from "./log.ts";
import { sendSigned } from "./signed-request.ts";

export interface Destination {
  region: string;
  /** Instead of AWS's own endpoint of the region, e.g. `http://127.0.0.1:4566`. */
  endpoint?: string | undefined;
  /** Ends the call, its retries included. */
  signal: AbortSignal;
}

/** As the AWS SDK does: 3 attempts, a pause of at most 25 ms and then 50 ms between them, with full jitter. */
const ATTEMPTS = 3;
const FIRST_PAUSE_MILLIS = 25;

const THROTTLED = new Set([
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "RequestThrottled",
  "ThrottlingException",
]);

/**
 * Calls an AWS service that speaks JSON 1.0. Repeats what failed for a passing reason (throttled, 5xx, a kept
 * connection that was closed meanwhile) until `signal` ends it.
 *
 * @throws Error with the service's error code as name, or of the connection, or the signal's reason
 */
export async function call(
  service: "dynamodb" | "sqs",
  target: string,
  body: object,
  destination: Destination,
): Promise<Record<string, unknown>> {
  const { region, endpoint = `https://${service}.${region}.amazonaws.com`, signal } = destination;
  const content = JSON.stringify(body);
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    try {
      return await post(new URL(endpoint), service, region, target, content, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (attempt === ATTEMPTS || !isPassing(error)) {
        throw error;
      }
    }
    const pause = Math.random() * FIRST_PAUSE_MILLIS * 2 ** (attempt - 1);
    await wait(pause, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

async function post(
  endpoint: URL,
  service: "dynamodb" | "sqs",
  region: string,
  target: string,
  body: string,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  const trace = currentTrace();
  const response = await sendSigned(endpoint, {
    service,
    region,
    method: "POST",
    path: "/",
    headers: {
      "Content-Type": "application/x-amz-json-1.0",
      "X-Amz-Target": target,
      ...(trace && { "X-Amzn-Trace-Id": trace.header }),
    },
    body,
    signal,
  });
  return answer(response.statusCode ?? 0, await readText(response));
}

function answer(status: number, body: string): Record<string, unknown> {
  const content = parseObject(body);
  if (status === 200 && content !== undefined) {
    return content;
  }
  const type = String(content?.__type ?? "UnknownError");
  const code = type.slice(type.lastIndexOf("#") + 1);
  const message = content?.message ?? content?.Message ?? "answer that is not JSON";
  throw Object.assign(new Error(`${message} (HTTP ${status})`), {
    name: code,
    passing: status >= 500 || THROTTLED.has(code),
  });
}

/** Of the service when it says so; of the connection when there was one, or is none just now. */
function isPassing(error: unknown): boolean {
  return error instanceof Error && ("passing" in error ? error.passing === true : "code" in error);
}
