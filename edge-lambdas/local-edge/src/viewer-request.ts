import type { IncomingMessage } from "node:http";
import { fromRaw, type Headers, header } from "./headers.ts";

// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-general
const MAX_URL = 8_192;
const MAX_REQUEST = 20_480;

export interface Parsed {
  host: string;
  uri: string;
  querystring: string;
  headers: Headers;
  /** Request line and headers. */
  bytes: number;
}

export interface Refused {
  status: number;
  reason: string;
}

/** What a viewer asks for, or why it gets no further. */
export function parse(request: IncomingMessage): Parsed | Refused {
  const target = request.url ?? "";
  const headers = fromRaw(request.rawHeaders);
  const bytes = target.length + 16 + request.rawHeaders.reduce((sum, text) => sum + text.length + 2, 0);
  if (target.length > MAX_URL) {
    return { status: 414, reason: `The URL is longer than ${MAX_URL} bytes.` };
  }
  if (bytes > MAX_REQUEST) {
    return { status: 494, reason: `The request line and the headers are longer than ${MAX_REQUEST} bytes.` };
  }
  if ((headers.get("host")?.length ?? 0) > 1) {
    return { status: 400, reason: "There is more than one Host header." };
  }
  const place = targetOf(target, header(headers, "host") ?? "");
  if (place === undefined) {
    return { status: 400, reason: "The request target is neither a path nor an http URL." };
  }
  if (headers.has("host")) {
    // The origin hears of the same host.
    headers.set("host", [place.host]);
  }
  const [uri = "", querystring = ""] = splitOnce(place.path, "?");
  return { host: hostName(place.host), uri, querystring, headers, bytes };
}

// The host of an absolute URL goes before the Host header (RFC 9112, 3.2.2).
function targetOf(target: string, host: string): { host: string; path: string } | undefined {
  if (target.startsWith("/")) {
    return { host, path: target };
  }
  const [, authority, path] = /^https?:\/\/([^/?#@]+)([/?].*)?$/i.exec(target) ?? [];
  if (authority === undefined) {
    return undefined;
  }
  return { host: authority, path: path === undefined ? "/" : path.startsWith("?") ? `/${path}` : path };
}

function hostName(host: string): string {
  return host.toLowerCase().replace(/:\d*$/, "").replace(/\.$/, "");
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
