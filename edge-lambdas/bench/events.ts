/** A request to time a function with, as CloudFront sends it at origin-request. */
export function originRequest(uri: string) {
  const headers = {
    "x-viewer-kind": "preview",
    "x-amzn-trace-id": "Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=1",
    "user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 KAKAOTALK 25.1.0",
    "cloudfront-viewer-country": "KR",
    host: "backline.example",
    accept: "text/html",
  };
  const config = {
    distributionDomainName: "d111111abcdef8.cloudfront.net",
    distributionId: "EDFDVBD6EXAMPLE",
    eventType: "origin-request",
    requestId: "4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ==",
  };
  const request = {
    clientIp: "203.0.113.7",
    method: "GET",
    uri,
    querystring: "",
    headers: Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, [{ key, value }]])),
  };
  return { Records: [{ cf: { config, request } }] };
}
