import type { CachePolicy, Encoding, OriginRequestPolicy, Selection } from "./configuration/model.ts";
import { type Headers, header } from "./headers.ts";

export interface Keyed {
  method: string;
  uri: string;
  querystring: string;
  headers: Headers;
  /** HTTP/1.0 viewers get nothing compressed. */
  compressible: boolean;
}

/** What identifies an object in the cache of a distribution: the path, and what the cache policy adds. */
export function cacheKey(distribution: string, request: Keyed, policy: CachePolicy): string {
  const headers = (policy.headers ?? []).map((name) => header(request.headers, name.toLowerCase()) ?? "");
  // No part can contain the separator: a header value, a path and a query have no line feed.
  return [
    distribution,
    request.uri,
    selectQuery(request.querystring, policy.queryStrings ?? "none"),
    selectCookies(header(request.headers, "cookie"), policy.cookies ?? "none") ?? "",
    acceptEncoding(request, policy) ?? "",
    ...headers,
  ].join("\n");
}

/** Accept-Encoding as CloudFront normalises it: "br,gzip", "gzip", "br" or nothing. */
export function acceptEncoding(request: Keyed, policy: CachePolicy): string | undefined {
  const wanted = request.compressible ? header(request.headers, "accept-encoding") : undefined;
  if (wanted === undefined) {
    return undefined;
  }
  const accepted = (["br", "gzip"] as const).filter(
    (encoding) => policy.acceptEncoding?.includes(encoding) && accepts(wanted, encoding),
  );
  return accepted.length === 0 ? undefined : accepted.join(",");
}

function accepts(value: string, encoding: Encoding): boolean {
  return value
    .toLowerCase()
    .split(",")
    .some((part) => {
      const [name, ...parameters] = part.split(";").map((each) => each.trim());
      return name === encoding && !parameters.some((each) => /^q=0(\.0*)?$/.test(each));
    });
}

/** The parameters of a query string that a policy names, in the order in which they were sent. */
export function selectQuery(querystring: string, selection: Selection): string {
  if (selection === "none" || querystring === "") {
    return "";
  }
  if (selection === "all") {
    return querystring;
  }
  return querystring
    .split("&")
    .filter((part) => isSelected(part.split("=", 1)[0] ?? "", selection))
    .join("&");
}

export function selectCookies(cookie: string | undefined, selection: Selection): string | undefined {
  if (selection === "none" || cookie === undefined) {
    return undefined;
  }
  if (selection === "all") {
    return cookie;
  }
  const found = cookie.split(/;\s*/).filter((pair) => isSelected(pair.split("=", 1)[0] ?? "", selection));
  return found.length === 0 ? undefined : found.join("; ");
}

function isSelected(name: string, selection: string[] | { except: string[] }): boolean {
  return Array.isArray(selection) ? selection.includes(name) : !selection.except.includes(name);
}

/** The union of what the cache policy and the origin request policy let through. */
export function forwardedQuery(querystring: string, cache: CachePolicy, origin: OriginRequestPolicy = {}): string {
  const [key, more] = [cache.queryStrings ?? "none", origin.queryStrings ?? "none"];
  return union(querystring, "&", key, more);
}

export function forwardedCookies(cookie: string | undefined, cache: CachePolicy, origin: OriginRequestPolicy = {}) {
  const [key, more] = [cache.cookies ?? "none", origin.cookies ?? "none"];
  return cookie === undefined ? undefined : union(cookie, "; ", key, more) || undefined;
}

function union(text: string, separator: string, one: Selection, other: Selection): string {
  const wanted = (selection: Selection, name: string) =>
    typeof selection === "string" ? selection === "all" : isSelected(name, selection);
  return text
    .split(separator === "&" ? "&" : /;\s*/)
    .filter((part) => {
      const name = part.split("=", 1)[0] ?? "";
      return wanted(one, name) || wanted(other, name);
    })
    .join(separator);
}

/** Whether a policy forwards cookies: only then may an origin set some. */
export function forwardsCookies(cache: CachePolicy, origin: OriginRequestPolicy = {}): boolean {
  return (cache.cookies ?? "none") !== "none" || (origin.cookies ?? "none") !== "none";
}
