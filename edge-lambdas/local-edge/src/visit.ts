import type { Readable } from "node:stream";
import type { Behavior, Distribution } from "./distribution.ts";
import { errorPage } from "./error-page.ts";
import type { Exchange, Result } from "./exchange.ts";
import type { Headers } from "./headers.ts";
import type { EdgeRequest } from "./origin-request.ts";

export interface Viewer {
  request: EdgeRequest;
  /** As they came, with those that belong to the connection: what a firewall judges. */
  sent: Headers;
  port: number;
  httpVersion: string;
  /** The body of the request, if it has one. */
  body?: () => AsyncIterable<Uint8Array>;
  /** Aborted when the viewer goes away. */
  signal: AbortSignal;
}

/** A viewer's request on its way through one behavior. */
export interface Visit {
  x: Exchange;
  distribution: Distribution;
  behavior: Behavior;
  /** As the viewer-request function left it. */
  request: EdgeRequest;
  viewer: Viewer;
}

export interface Answer {
  status: number;
  headers: Headers;
  body: Buffer | Readable;
  result: Result;
}

/** An answer of the edge itself. */
export function failed(x: Exchange, status: number, reason: string): Answer {
  x.reason = reason;
  const body = errorPage(status, reason, x.requestId);
  const headers: Headers = new Map([
    ["content-type", ["text/html"]],
    ["content-length", [String(body.length)]],
    ["server", ["CloudFront"]],
  ]);
  return { status, headers, body, result: "Error" };
}

/** For what is done without a viewer: never aborted. */
export const never = new AbortController().signal;

/** The same visit, for work that no viewer sees. */
export function unseen(visit: Visit): Visit {
  return { ...visit, x: { ...visit.x, events: [], counted: [] }, viewer: { ...visit.viewer, signal: never } };
}

export function discard(body: Buffer | Readable): void {
  if (!Buffer.isBuffer(body)) {
    // A pooled connection is of use again only when the rest has been read or the stream is gone.
    body.on("error", () => {}).destroy();
  }
}
