import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

export interface StoredObject {
  body: Buffer;
  headers: Record<string, string>;
}

/** As much of S3 as the function calls, for one bucket with the name `images`. */
export async function startBucket() {
  const stored = new Map<string, StoredObject>();
  const calls: string[] = [];
  /** Answers in place of the bucket's own, by method. */
  const failures = new Map<string, number | "hang" | "hang up" | "cut off">();

  /** What happens in the bucket right after a call has been answered. */
  const afterwards = new Map<string, () => void>();

  const server = createServer(async (request, response) => {
    const key = decodeURIComponent(new URL(request.url ?? "", "http://s3").pathname.slice("/images/".length));
    const method = request.method ?? "";
    const content = await buffer(request);
    calls.push(`${method} ${key}`);
    const failure = failures.get(`${method} ${key.split("/")[0]}`);
    if (failure === "hang") {
      return;
    }
    if (failure === "hang up") {
      request.socket.destroy();
      return;
    }
    if (typeof failure === "number") {
      response.writeHead(failure).end();
      return;
    }
    if (!request.headers.authorization?.startsWith("AWS4-HMAC-SHA256 Credential=")) {
      response.writeHead(403).end();
      return;
    }
    if (method === "PUT") {
      const { "content-type": type = "", "cache-control": cacheControl = "" } = request.headers;
      stored.set(key, { body: content, headers: { "content-type": type, "cache-control": cacheControl } });
      response.end();
      return;
    }
    const object = stored.get(key);
    if (object === undefined) {
      response.writeHead(404).end();
      return;
    }
    const etag = etagOf(object.body);
    if (request.headers["if-match"] !== undefined && request.headers["if-match"] !== etag) {
      response.writeHead(412).end();
      return;
    }
    response.writeHead(200, { ...object.headers, etag, "content-length": object.body.length });
    if (method === "HEAD") {
      response.end();
      afterwards.get(`${method} ${key}`)?.();
    } else if (failure === "cut off") {
      response.write(object.body.subarray(0, object.body.length / 2), () => request.socket.destroy());
    } else {
      response.end(object.body);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    stored,
    calls,
    failures,
    afterwards,
    put(key: string, body: Buffer, type = "image/jpeg"): void {
      stored.set(key, { body, headers: { "content-type": type } });
    },
    clear(): void {
      stored.clear();
      failures.clear();
      afterwards.clear();
      calls.length = 0;
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function etagOf(body: Buffer): string {
  return `"${createHash("md5").update(body).digest("hex")}"`;
}
