import { type Headers, header } from "./headers.ts";

/** Whether a GET with these headers is answered by 304 for an object with those (RFC 9110, 13.2.2). */
export function notModified(request: Headers, object: Headers): boolean {
  const wanted = header(request, "if-none-match");
  const etag = header(object, "etag");
  if (wanted !== undefined) {
    return etag !== undefined && (wanted.trim() === "*" || tags(wanted).includes(weak(etag)));
  }
  const since = Date.parse(header(request, "if-modified-since") ?? "");
  const modified = Date.parse(header(object, "last-modified") ?? "");
  return modified <= since;
}

function tags(list: string): string[] {
  return (list.match(/(W\/)?"[^"]*"/g) ?? []).map(weak);
}

function weak(tag: string): string {
  return tag.replace(/^W\//, "");
}

export type Range = { start: number; end: number };

/**
 * The part of an object that a viewer asks for: the whole of it ("all") also when the header is of a kind that is ignored,
 * such as several ranges (RFC 9110, 14.2), or its condition does not hold.
 */
export function rangeOf(request: Headers, object: Headers, length: number): Range | "all" | "unsatisfiable" {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header(request, "range")?.trim() ?? "") ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "") || !conditionHolds(request, object)) {
    return "all";
  }
  if (first === "") {
    const suffix = Number(last);
    return suffix === 0 || length === 0 ? "unsatisfiable" : { start: Math.max(0, length - suffix), end: length - 1 };
  }
  const start = Number(first);
  const end = last === "" ? length - 1 : Math.min(Number(last), length - 1);
  if (last !== "" && Number(last) < start) {
    return "all";
  }
  return start >= length ? "unsatisfiable" : { start, end };
}

function conditionHolds(request: Headers, object: Headers): boolean {
  const condition = header(request, "if-range");
  if (condition === undefined) {
    return true;
  }
  if (condition.startsWith('"')) {
    return condition === header(object, "etag");
  }
  return condition === header(object, "last-modified");
}
