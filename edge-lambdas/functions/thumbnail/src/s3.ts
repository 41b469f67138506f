import type { IncomingMessage } from "node:http";
import { sendSigned } from "@backline/lambda-edge";

export interface Bucket {
  name: string;
  region: string;
  /** Instead of AWS's own endpoint, e.g. `http://127.0.0.1:4566`; it has the bucket in its path. */
  endpoint: string | undefined;
}

export interface Head {
  etag: string;
  length: number;
}

/** What S3 answered instead of what was asked for. */
export class S3Error extends Error {
  readonly status: number;

  constructor(method: string, status: number) {
    super(`S3 answers ${method} with ${status}`);
    this.name = "S3Error";
    this.status = status;
  }
}

/** A kept connection may have been closed by S3 just when it is used again. */
const ATTEMPTS = 2;

interface Call {
  method: "HEAD" | "GET" | "PUT";
  key: string;
  headers?: Record<string, string>;
  body?: Buffer;
}

/** One bucket of S3; `signal` ends a call. */
export function objects({ name, region, endpoint }: Bucket) {
  const url = endpoint === undefined ? new URL(`https://${name}.s3.${region}.amazonaws.com`) : new URL(endpoint);
  const folder = endpoint === undefined ? "" : `${url.pathname.replace(/\/$/, "")}/${name}`;

  async function call({ key, headers = {}, ...rest }: Call, signal: AbortSignal): Promise<IncomingMessage> {
    const path = `${folder}/${encodeKey(key)}`;
    for (let attempt = 1; ; attempt++) {
      try {
        return await sendSigned(url, { service: "s3", region, path, headers, ...rest, signal });
      } catch (error) {
        signal.throwIfAborted();
        if (attempt === ATTEMPTS) {
          throw error;
        }
      }
    }
  }

  /** Undefined where there is none. */
  async function head(key: string, signal: AbortSignal): Promise<Head | undefined> {
    const response = await call({ method: "HEAD", key }, signal);
    response.resume();
    if (response.statusCode === 404) {
      return undefined;
    }
    const { etag, "content-length": length } = response.headers;
    if (response.statusCode !== 200 || etag === undefined || length === undefined) {
      throw new S3Error("HEAD", response.statusCode ?? 0);
    }
    return { etag, length: Number(length) };
  }

  /** The object as long as it is the one with this tag, which has `length` bytes. */
  async function get(key: string, { etag, length }: Head, signal: AbortSignal): Promise<Buffer> {
    const response = await call({ method: "GET", key, headers: { "If-Match": etag } }, signal);
    if (response.statusCode !== 200) {
      response.resume();
      throw new S3Error("GET", response.statusCode ?? 0);
    }
    const chunks: Buffer[] = [];
    let received = 0;
    for await (const chunk of response) {
      received += chunk.length;
      if (received > length) {
        response.destroy();
        throw new Error("S3 sends more than it announced");
      }
      chunks.push(chunk);
    }
    if (received < length) {
      throw new Error("S3 sends less than it announced");
    }
    return Buffer.concat(chunks, received);
  }

  async function put(key: string, body: Buffer, headers: Record<string, string>, signal: AbortSignal): Promise<void> {
    const response = await call({ method: "PUT", key, headers, body }, signal);
    response.resume();
    if (response.statusCode !== 200) {
      throw new S3Error("PUT", response.statusCode ?? 0);
    }
  }

  return { head, get, put };
}

export type Objects = ReturnType<typeof objects>;

/** As S3 wants it signed: everything but unreserved characters and slashes is encoded. */
export function encodeKey(key: string): string {
  return encodeURIComponent(key)
    .replaceAll("%2F", "/")
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
