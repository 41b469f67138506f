import type { EventType } from "../index.ts";
import type { FunctionKind } from "./restriction.ts";

/** In the order of AWS's page. A name that ends with `*` stands for every header that begins so. */
export const disallowedHeaders = [
  "Connection",
  "Expect",
  "Keep-Alive",
  "Proxy-Authenticate",
  "Proxy-Authorization",
  "Proxy-Connection",
  "Trailer",
  "Upgrade",
  "X-Accel-Buffering",
  "X-Accel-Charset",
  "X-Accel-Limit-Rate",
  "X-Accel-Redirect",
  "X-Amz-Cf-*",
  "X-Amzn-Auth",
  "X-Amzn-Cf-Billing",
  "X-Amzn-Cf-Id",
  "X-Amzn-Cf-Xff",
  "X-Amzn-Errortype",
  "X-Amzn-Fle-Profile",
  "X-Amzn-Header-Count",
  "X-Amzn-Header-Order",
  "X-Amzn-Lambda-Integration-Tag",
  "X-Amzn-RequestId",
  "X-Cache",
  "X-Edge-*",
  "X-Forwarded-Proto",
  "X-Real-IP",
  "CloudFront-Viewer-Cert-Pem",
  "Client-Cert",
  "Client-Cert-Chain",
] as const;

const disallowedNames = new Set(disallowedHeaders.filter((name) => !name.endsWith("*")).map((n) => n.toLowerCase()));
const disallowedPrefixes = disallowedHeaders
  .filter((name) => name.endsWith("*"))
  .map((name) => name.slice(0, -1).toLowerCase());

export function isDisallowed(name: string): boolean {
  const lower = name.toLowerCase();
  return disallowedNames.has(lower) || disallowedPrefixes.some((prefix) => lower.startsWith(prefix));
}

const readOnly: Record<EventType, readonly string[]> = {
  "viewer-request": ["CDN-Loop", "Content-Length", "Host", "Transfer-Encoding", "Via"],
  "origin-request": [
    "Accept-Encoding",
    "CDN-Loop",
    "Content-Length",
    "If-Modified-Since",
    "If-None-Match",
    "If-Range",
    "If-Unmodified-Since",
    "Transfer-Encoding",
    "Via",
  ],
  "origin-response": ["Transfer-Encoding", "Via"],
  "viewer-response": ["Warning", "Via"],
};

const readOnlyForLambdaAtViewerResponse = ["Content-Length", "Content-Encoding", "Transfer-Encoding"];

export function readOnlyHeaders(kind: FunctionKind, eventType: EventType): readonly string[] {
  return kind === "Lambda@Edge" && eventType === "viewer-response"
    ? [...readOnly[eventType], ...readOnlyForLambdaAtViewerResponse]
    : readOnly[eventType];
}

/** What an origin's custom headers may not be, beside the disallowed ones. */
const deniedCustomHeaders = new Set(
  [
    "Cache-Control",
    "Connection",
    "Content-Length",
    "Cookie",
    "Host",
    "If-Match",
    "If-Modified-Since",
    "If-None-Match",
    "If-Range",
    "If-Unmodified-Since",
    "Max-Forwards",
    "Pragma",
    "Proxy-Authenticate",
    "Proxy-Authorization",
    "Proxy-Connection",
    "Range",
    "Request-Range",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
    "Via",
    "X-Real-Ip",
  ].map((name) => name.toLowerCase()),
);

export function isDeniedAsCustomHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return deniedCustomHeaders.has(lower) || lower.startsWith("x-amz-") || lower.startsWith("x-edge-");
}
