import { acceptEncoding, forwardedCookies, forwardedQuery, type Keyed } from "./cache-key.ts";
import type { OriginRequestPolicy } from "./configuration/model.ts";
import type { Behavior, Distribution } from "./distribution.ts";
import type { Exchange } from "./exchange.ts";
import { type Headers, header } from "./headers.ts";

export interface EdgeRequest extends Keyed {
  address: string;
}

// What every viewer may send, and no origin gets from one:
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html
const NEVER_FORWARDED = /^(expect|host|x-forwarded-proto|x-real-ip|x-edge-.*|x-amz-cf-.*|cloudfront-.*)$/;

/** Takes out of a viewer's headers what only CloudFront may say. */
export function removeForged(headers: Headers): void {
  for (const name of [...headers.keys()]) {
    if (name !== "host" && NEVER_FORWARDED.test(name)) {
      headers.delete(name);
    }
  }
}

/** The headers that an origin, and a function on origin-request, gets: those of the policies, and CloudFront's own. */
export function originHeaders(
  request: EdgeRequest,
  distribution: Distribution,
  behavior: Behavior,
  x: Exchange,
): Headers {
  const { cachePolicy, originRequestPolicy, origin } = behavior;
  const headers = selected(request.headers, originRequestPolicy.headers ?? "none");
  for (const name of cachePolicy.headers ?? []) {
    copy(request.headers, headers, name.toLowerCase());
  }
  for (const name of behavior.viewerHeaders) {
    copy(request.headers, headers, name);
  }
  const forwardsHost = headers.has("host") && origin.client.type === "http";
  if (!forwardsHost) {
    headers.delete("host");
  }
  headers.delete("cookie");
  const cookies = forwardedCookies(header(request.headers, "cookie"), cachePolicy, originRequestPolicy);
  if (cookies !== undefined) {
    headers.set("cookie", [cookies]);
  }
  setAcceptEncoding(headers, request, behavior);
  if (!headers.has("user-agent")) {
    headers.set("user-agent", ["Amazon CloudFront"]);
  }
  for (const name of ["content-type", "content-length", "range", "if-range"]) {
    copy(request.headers, headers, name);
  }
  const before = header(request.headers, "x-forwarded-for");
  headers.set("x-forwarded-for", [before === undefined ? request.address : `${before}, ${request.address}`]);
  const via = header(request.headers, "via");
  headers.set("via", [via === undefined ? distribution.via : `${via}, ${distribution.via}`]);
  headers.set("x-amz-cf-id", [x.requestId]);
  headers.set("x-amzn-trace-id", [x.traceId]);
  return headers;
}

export function originQuery(request: EdgeRequest, { cachePolicy, originRequestPolicy }: Behavior): string {
  return forwardedQuery(request.querystring, cachePolicy, originRequestPolicy);
}

function selected(headers: Headers, policy: NonNullable<OriginRequestPolicy["headers"]>): Headers {
  if (policy === "none") {
    return new Map();
  }
  if (Array.isArray(policy)) {
    const found: Headers = new Map();
    for (const name of policy) {
      copy(headers, found, name.toLowerCase());
    }
    return found;
  }
  const except = typeof policy === "object" && "allExcept" in policy ? policy.allExcept : [];
  const found = new Map(headers);
  for (const name of except) {
    found.delete(name.toLowerCase());
  }
  return found;
}

function copy(from: Headers, to: Headers, name: string): void {
  const values = from.get(name);
  if (values !== undefined) {
    to.set(name, values);
  }
}

function setAcceptEncoding(headers: Headers, request: EdgeRequest, { cachePolicy }: Behavior): void {
  if ((cachePolicy.acceptEncoding ?? []).length === 0) {
    return;
  }
  const accepted = acceptEncoding(request, cachePolicy);
  if (request.headers.has("accept-encoding")) {
    headers.set("accept-encoding", [accepted ?? "identity"]);
  } else {
    headers.delete("accept-encoding");
  }
}
