import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { extname, join, sep } from "node:path";
import { Readable } from "node:stream";
import { notModified } from "../conditional.ts";
import type { Headers } from "../headers.ts";
import { hasDotSegment } from "../paths.ts";
import type { OriginClient, OriginRequest, OriginResponse } from "./origin.ts";
import { accessDenied } from "./s3.ts";

const TYPES: Record<string, string> = {
  ".avif": "image/avif",
  ".css": "text/css; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".gif": "image/gif",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".jpeg": "image/jpeg",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".mjs": "text/javascript; charset=utf-8",
  ".mp4": "video/mp4",
  ".pdf": "application/pdf",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
  ".xml": "application/xml",
};

/** A folder in the place of a bucket: each file is an object. */
export function folderOrigin(folder: string): OriginClient {
  const place = `folder ${folder}`;
  return {
    type: "s3",
    async request(request) {
      const file = await find(folder, request.path + request.uri);
      return file === undefined || !/^(GET|HEAD)$/.test(request.method)
        ? accessDenied(place)
        : serve(file, request, place);
    },
    close: async () => {},
  };
}

async function find(folder: string, uri: string): Promise<string | undefined> {
  const path = decoded(uri);
  if (path === undefined || path.includes("\0") || hasDotSegment(uri)) {
    return undefined;
  }
  try {
    const root = await realpath(folder);
    const file = await realpath(join(root, path));
    const inside = file.startsWith(root + sep);
    return inside && (await stat(file)).isFile() ? file : undefined;
  } catch {
    return undefined;
  }
}

function decoded(uri: string): string | undefined {
  try {
    return decodeURIComponent(Buffer.from(uri, "latin1").toString("utf8"));
  } catch {
    return undefined;
  }
}

async function serve(file: string, request: OriginRequest, place: string): Promise<OriginResponse> {
  const { size, mtimeMs, mtime } = await stat(file);
  const headers: Headers = new Map([
    ["content-type", [TYPES[extname(file).toLowerCase()] ?? "application/octet-stream"]],
    ["etag", [`"${Math.floor(mtimeMs).toString(16)}-${size.toString(16)}"`]],
    ["last-modified", [mtime.toUTCString()]],
  ]);
  if (notModified(request.headers, headers)) {
    return { status: 304, headers, body: Readable.from([]), place };
  }
  headers.set("content-length", [String(size)]);
  const body = request.method === "HEAD" || size === 0 ? Readable.from([]) : createReadStream(file);
  return { status: 200, headers, body, place };
}
