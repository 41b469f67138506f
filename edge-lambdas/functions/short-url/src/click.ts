import { randomUUID } from "node:crypto";
import { header } from "@backline/lambda-edge";
import { deviceOf, kindOf } from "@backline/user-agents";
import type { CloudFrontHeaders } from "aws-lambda";
import { referrerHost } from "./referrer.ts";

/**
 * The message of the form `clicks.v1` for one followed link: no address, no user agent, no path of the referring page,
 * the time cut to the second. By its batch id the worker counts it once, however often it is sent.
 */
export function clickMessage(code: string, headers: CloudFrontHeaders, ownHost: string, now: number): string {
  const userAgent = header(headers, "user-agent");
  const country = header(headers, "cloudfront-viewer-country") ?? "";
  const click = {
    at: `${new Date(now).toISOString().slice(0, 19)}Z`,
    code,
    country: /^[A-Z]{2}$/.test(country) ? country : null,
    device: deviceOf(userAgent),
    referrer: referrerHost(header(headers, "referer"), ownHost),
    kind: isFetchAhead(headers) ? "preview" : kindOf(userAgent),
  };
  return JSON.stringify({ type: "clicks.v1", batch: randomUUID(), clicks: [click] });
}

/** `prefetch`, `prefetch;prerender` or Safari's `prefetch` and `preview`. */
function isFetchAhead(headers: CloudFrontHeaders): boolean {
  return /^(prefetch|preview)/i.test(header(headers, "sec-purpose") ?? header(headers, "purpose") ?? "");
}
