import type {
  CloudFrontHeaders,
  CloudFrontRequest,
  CloudFrontRequestEvent,
  CloudFrontResponse,
  CloudFrontResponseEvent,
} from "aws-lambda";

const CONFIG = { distributionDomainName: "d1.cloudfront.net", distributionId: "E1", requestId: "request-1" } as const;

export function headers(values: Record<string, string>): CloudFrontHeaders {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key.toLowerCase(), [{ key, value }]]));
}

export function request(uri: string, sent: Record<string, string>): CloudFrontRequest {
  return { clientIp: "203.0.113.7", method: "GET", uri, querystring: "utm_source=kakao", headers: headers(sent) };
}

export function originRequest(request: CloudFrontRequest): CloudFrontRequestEvent {
  return { Records: [{ cf: { config: { ...CONFIG, eventType: "origin-request" }, request } }] };
}

export function originResponse(request: CloudFrontRequest, response: CloudFrontResponse): CloudFrontResponseEvent {
  return { Records: [{ cf: { config: { ...CONFIG, eventType: "origin-response" }, request, response } }] };
}
