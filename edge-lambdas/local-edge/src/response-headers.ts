import { forwardsCookies } from "./cache-key.ts";
import type { CachePolicy, OriginRequestPolicy, ResponseHeadersPolicy } from "./configuration/model.ts";
import { type Headers, header } from "./headers.ts";

/**
 * Takes out of an origin's response what CloudFront removes or says itself:
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html
 */
export function cleanResponse(
  headers: Headers,
  cachePolicy: CachePolicy,
  originRequestPolicy: OriginRequestPolicy,
): void {
  for (const name of [...headers.keys()]) {
    if (/^(via|x-cache|x-amz-cf-.*|x-edge-.*)$/.test(name)) {
      headers.delete(name);
    }
  }
  if (!forwardsCookies(cachePolicy, originRequestPolicy)) {
    headers.delete("set-cookie");
  }
  const vary = header(headers, "vary");
  if (vary !== undefined) {
    const forwarded = [cachePolicy.headers ?? [], originRequestPolicy.headers ?? []].flat();
    const all = typeof originRequestPolicy.headers === "object" && !Array.isArray(originRequestPolicy.headers);
    const kept = vary
      .split(",")
      .map((name) => name.trim())
      .filter(
        (name) =>
          /^(accept-encoding|cookie)$/i.test(name) ||
          (name !== "*" && (all || forwarded.includes("all"))) ||
          forwarded.some((each) => typeof each === "string" && each.toLowerCase() === name.toLowerCase()),
      );
    headers.delete("vary");
    if (kept.length > 0) {
      headers.set("vary", [kept.join(", ")]);
    }
  }
}

/** Removes and sets what a response headers policy says, in this order, as CloudFront does. */
export function responsePolicy(policy: ResponseHeadersPolicy): (headers: Headers) => void {
  const named = Object.entries(namedBy(policy));
  const removed = (policy.remove ?? []).map((name) => name.toLowerCase());
  const override = policy.override ?? true;
  return (headers) => {
    for (const name of removed) {
      headers.delete(name);
    }
    if (removed.includes("server")) {
      headers.set("server", ["CloudFront"]);
    }
    for (const [name, value] of named) {
      if (override || !headers.has(name)) {
        headers.set(name, [value]);
      }
    }
  };
}

function namedBy(policy: ResponseHeadersPolicy): Record<string, string> {
  const { strictTransportSecurity: hsts } = policy;
  const named: Record<string, string | undefined> = {
    "content-security-policy": policy.contentSecurityPolicy,
    "referrer-policy": policy.referrerPolicy,
    "strict-transport-security":
      hsts &&
      `max-age=${hsts.maxAge}${hsts.includeSubdomains ? "; includeSubDomains" : ""}${hsts.preload ? "; preload" : ""}`,
    "x-content-type-options": policy.contentTypeOptions && "nosniff",
    "x-frame-options": policy.frameOptions,
  };
  for (const [name, value] of Object.entries(policy.headers ?? {})) {
    named[name.toLowerCase()] = value;
  }
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined)) as Record<string, string>;
}
