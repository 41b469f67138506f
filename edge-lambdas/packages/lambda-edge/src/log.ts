import { AsyncLocalStorage } from "node:async_hooks";
import type { CloudFrontRequestEvent, CloudFrontResponseEvent } from "aws-lambda";
import { header } from "./headers.ts";
import { readTrace, type Trace } from "./trace.ts";

interface CurrentRequest {
  id: string;
  trace: Trace | undefined;
}

const current = new AsyncLocalStorage<CurrentRequest>();

export function currentTrace(): Trace | undefined {
  return current.getStore()?.trace;
}

/** Runs the work with the event's request id and trace id in each of its log lines and AWS calls. */
export function withRequest<E extends CloudFrontRequestEvent | CloudFrontResponseEvent, R>(
  event: E,
  work: (cf: E["Records"][number]["cf"]) => R,
): R {
  const cf = event.Records[0]?.cf;
  if (cf === undefined) {
    throw new Error("An event of CloudFront has a record");
  }
  const trace = readTrace(header(cf.request.headers, "x-amzn-trace-id"));
  return current.run({ id: cf.config.requestId, trace }, () => work(cf));
}

/**
 * Writes one line of JSON. Past `console`, which puts Lambda's own prefix before the line. No field may hold an
 * address, a user agent or a query.
 */
export function log(level: "info" | "warn" | "error", message: string, fields: Record<string, unknown> = {}): void {
  const request = current.getStore();
  const line = {
    time: new Date().toISOString(),
    level,
    function: process.env.AWS_LAMBDA_FUNCTION_NAME,
    requestId: request?.id,
    traceId: request?.trace?.id,
    message,
    ...fields,
  };
  process.stdout.write(`${JSON.stringify(line, errorsAsText)}\n`);
}

function errorsAsText(_key: string, value: unknown): unknown {
  return value instanceof Error ? `${value.name}: ${value.message}` : value;
}
