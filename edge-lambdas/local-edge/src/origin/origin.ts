import type { Readable } from "node:stream";
import type { Headers } from "../headers.ts";

export interface OriginRequest {
  method: string;
  /** Path as the viewer sent it, or as a function changed it, without the query. */
  uri: string;
  querystring: string;
  /** Comes before the uri; begins with a slash, or is empty. */
  path: string;
  headers: Headers;
  /** Made anew for each attempt; nothing is read from the viewer before it is used. */
  body?: () => AsyncIterable<Uint8Array>;
  signal?: AbortSignal;
}

export interface OriginResponse {
  status: number;
  headers: Headers;
  body: Readable;
  /** Which target, bucket or folder answered. */
  place: string;
}

export interface OriginClient {
  type: "http" | "s3";
  /** @throws OriginError when there is no answer to give to a viewer */
  request(request: OriginRequest): Promise<OriginResponse>;
  close(): Promise<void>;
}

/** Why an origin gave no answer, in the words of CloudFront's access log (x-edge-detailed-result-type). */
export type Failure =
  | "OriginConnectError"
  | "OriginCommError"
  | "OriginDnsError"
  | "OriginHeaderTooBigError"
  | "OriginInvalidResponseError"
  | "OriginReadError";

export class OriginError extends Error {
  readonly failure: Failure;
  readonly status: 502 | 504;

  constructor(failure: Failure, status: 502 | 504, message: string) {
    super(message);
    this.name = "OriginError";
    this.failure = failure;
    this.status = status;
  }
}
