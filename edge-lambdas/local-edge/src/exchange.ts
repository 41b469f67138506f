import { randomBytes } from "node:crypto";
import type { EventType } from "./configuration/model.ts";

/** How the edge answered, as X-Cache says it. */
export type Result =
  | "Hit"
  | "Miss"
  | "RefreshHit"
  | "Error"
  | "LambdaGeneratedResponse"
  | "FunctionGeneratedResponse"
  | "LambdaExecutionError"
  | "LambdaValidationError"
  | "FunctionExecutionError"
  | "FunctionValidationError";

export interface EventRun {
  event: EventType;
  name: string;
  millis: number;
  outcome: string;
  logs: string[];
}

/** One request of a viewer and what became of it: what the access log and the page of last requests say. */
export interface Exchange {
  requestId: string;
  traceId: string;
  time: Date;
  started: number;
  method: string;
  host: string;
  uri: string;
  querystring: string;
  viewer: string;
  distribution?: string;
  behavior?: string;
  events: EventRun[];
  counted: string[];
  result: Result;
  /** x-edge-detailed-result-type, where it differs from the result. */
  detail?: string;
  reason?: string;
  origin?: { name: string; place: string; status?: number; millis: number };
  status: number;
  bytes: number;
  firstByte: number;
  finished: number;
}

const ID_BYTES = 40;
let random = Buffer.alloc(0);

/** As long as CloudFront's, and as opaque. */
export function newRequestId(): string {
  if (random.length < ID_BYTES) {
    random = randomBytes(ID_BYTES * 100);
  }
  const bytes = random.subarray(0, ID_BYTES);
  random = random.subarray(ID_BYTES);
  return `${bytes.toString("base64url")}==`;
}

const TRACE = /(^|;)\s*Root=1-[0-9a-f]{8}-[0-9a-f]{24}(;|$)/i;

/** The viewer's X-Amzn-Trace-Id when it is one, else a new one. */
export function traceId(sent: string | undefined): string {
  if (sent !== undefined && sent.length <= 512 && TRACE.test(sent)) {
    return sent;
  }
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  return `Root=1-${seconds.padStart(8, "0")}-${randomBytes(12).toString("hex")}`;
}
