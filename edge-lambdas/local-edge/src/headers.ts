import type { CloudFrontHeaders } from "aws-lambda";

/** Header values by name in lower case. A map, so that no name can be mistaken for a property of Object. */
export type Headers = Map<string, string[]>;

/** From the flat list of names and values that Node's HTTP server and undici hand out. */
export function fromRaw(raw: string[]): Headers {
  const headers: Headers = new Map();
  for (let i = 0; i + 1 < raw.length; i += 2) {
    append(headers, raw[i] as string, raw[i + 1] as string);
  }
  return headers;
}

export function append(headers: Headers, name: string, value: string): void {
  const key = name.toLowerCase();
  const values = headers.get(key);
  if (values === undefined) {
    headers.set(key, [value]);
  } else {
    values.push(value);
  }
}

/** All values of a header as one. */
export function header(headers: Headers, name: string): string | undefined {
  const values = headers.get(name);
  return values === undefined || values.length === 1 ? values?.[0] : values.join(name === "cookie" ? "; " : ", ");
}

export function toRaw(headers: Headers): string[] {
  const raw: string[] = [];
  for (const [name, values] of headers) {
    for (const value of values) {
      raw.push(name, value);
    }
  }
  return raw;
}

export function toEvent(headers: Headers): CloudFrontHeaders {
  const event: CloudFrontHeaders = {};
  for (const [name, values] of headers) {
    if (name !== "__proto__") {
      event[name] = values.map((value) => ({ key: titleCase(name), value }));
    }
  }
  return event;
}

function titleCase(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

export function fromEvent(event: CloudFrontHeaders | undefined): Headers {
  const headers: Headers = new Map();
  for (const [name, values] of Object.entries(event ?? {})) {
    for (const { value } of values) {
      append(headers, name, value);
    }
  }
  return headers;
}

const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** Removes what belongs to one connection only, and what the Connection header names (RFC 9110, 7.6.1). */
export function removeHopByHop(headers: Headers): void {
  const named = header(headers, "connection")?.toLowerCase().split(",") ?? [];
  for (const name of [...named.map((each) => each.trim()), ...HOP_BY_HOP]) {
    headers.delete(name);
  }
}

/** Directives of a Cache-Control header in lower case; "" where there is no value. */
export function cacheControl(headers: Headers): Map<string, string> {
  const directives = new Map<string, string>();
  for (const part of header(headers, "cache-control")?.toLowerCase().split(",") ?? []) {
    const [name = "", value = ""] = part.split("=", 2);
    directives.set(name.trim(), value.trim().replace(/^"|"$/g, ""));
  }
  return directives;
}
