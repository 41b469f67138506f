import CachePolicy from "http-cache-semantics";
import type { CachePolicy as Policy } from "./configuration/model.ts";
import { cacheControl, type Headers, header } from "./headers.ts";

/** CloudFront's default for the error caching minimum TTL, in seconds. */
export const ERROR_TTL = 10;

// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html
const ERRORS_ALWAYS_KEPT = [404, 414, 500, 501, 502, 503, 504];
const ERRORS_KEPT_IF_TOLD = [400, 403, 405, 410, 412, 415];
const SUCCESSES_KEPT = [200, 203, 204, 300, 301, 302, 307, 308];

export interface Lifetime {
  /** Seconds, counted with the age that the response came with. */
  ttl: number;
  /** RFC 9111's view of the response: its age, and the headers that ask for a newer one. */
  semantics: CachePolicy;
}

/**
 * How long CloudFront keeps a response, or undefined when it does not keep it:
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Expiration.html
 *
 * @param errorTtl the error caching minimum TTL of the response's status, in seconds
 */
export function lifetime(status: number, headers: Headers, policy: Policy, errorTtl = ERROR_TTL): Lifetime | undefined {
  if (policy.maxTtl === 0) {
    return undefined;
  }
  const semantics = semanticsOf(headers);
  const directives = cacheControl(headers);
  const restricted = ["no-store", "no-cache", "private"].some((name) => directives.has(name));
  const told = directives.has("max-age") || directives.has("s-maxage") || headers.has("expires");
  if (status >= 400) {
    return errorLifetime(status, semantics, restricted, told, errorTtl);
  }
  if (!SUCCESSES_KEPT.includes(status)) {
    return undefined;
  }
  if (restricted) {
    if (policy.minTtl === 0 && (directives.has("no-store") || directives.has("private"))) {
      return undefined;
    }
    return { ttl: policy.minTtl, semantics };
  }
  if (header(headers, "vary")?.trim() === "*" && policy.minTtl === 0) {
    return undefined;
  }
  const wanted = told ? Math.min(semantics.maxAge(), policy.maxTtl) : policy.defaultTtl;
  return { ttl: Math.max(wanted, policy.minTtl), semantics };
}

function errorLifetime(
  status: number,
  semantics: CachePolicy,
  restricted: boolean,
  told: boolean,
  errorTtl: number,
): Lifetime | undefined {
  const always = ERRORS_ALWAYS_KEPT.includes(status) && (status >= 500 || !restricted);
  if (!always && !(ERRORS_KEPT_IF_TOLD.includes(status) && told && !restricted)) {
    return undefined;
  }
  const ttl = Math.max(errorTtl, told && !restricted ? semantics.maxAge() : 0);
  return ttl === 0 ? undefined : { ttl, semantics };
}

// The cache key is the policy's, so neither Vary nor Authorization decides whether an object may be kept; and
// CloudFront does keep cookies that an origin sets, where cookies are forwarded at all.
function semanticsOf(headers: Headers): CachePolicy {
  const seen: Record<string, string> = {};
  for (const name of ["age", "cache-control", "date", "etag", "expires", "last-modified"]) {
    const value = header(headers, name);
    if (value !== undefined) {
      seen[name] = name === "cache-control" ? value.toLowerCase() : value;
    }
  }
  return new CachePolicy(
    { method: "GET", headers: {} },
    { status: 200, headers: seen },
    { shared: true, cacheHeuristic: 0, immutableMinTimeToLive: 0 },
  );
}

/** Headers that ask the origin whether a kept object is still the newest; empty when it has no validator. */
export function revalidationHeaders(kept: Lifetime): Headers {
  const asked = kept.semantics.revalidationHeaders({ method: "GET", headers: {} });
  return new Map(Object.entries(asked).flatMap(([name, value]) => (value ? [[name, [String(value)]]] : [])));
}

export function ageOf(kept: Lifetime): number {
  return Math.floor(kept.semantics.age());
}

/** How long past its lifetime an object may be used, in seconds, while the origin fails or while a newer one is fetched. */
export function staleFor(headers: Headers): { onError: number; whileRevalidating: number } {
  const directives = cacheControl(headers);
  const onError = directives.get("stale-if-error");
  const strict = directives.has("must-revalidate") || directives.has("proxy-revalidate");
  return {
    onError: onError !== undefined ? Number.parseInt(onError, 10) || 0 : strict ? 0 : Number.POSITIVE_INFINITY,
    whileRevalidating: strict ? 0 : Number.parseInt(directives.get("stale-while-revalidate") ?? "0", 10) || 0,
  };
}
