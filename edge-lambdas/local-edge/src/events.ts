import type { CloudFrontHeaders, CloudFrontRequest, CloudFrontResponse } from "aws-lambda";
import type { DistributionOrigin } from "./distribution.ts";
import type { Outcome } from "./functions/index.ts";
import { fromEvent, type Headers, toEvent } from "./headers.ts";
import type { OriginRequest } from "./origin/origin.ts";
import type { EdgeRequest } from "./origin-request.ts";
import { type Answer, discard } from "./visit.ts";

// What functions see and what they make of it:
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-event-structure.html

export function viewerEvent({ address, method, uri, querystring, headers }: EdgeRequest): CloudFrontRequest {
  return { clientIp: address, method, uri, querystring, headers: toEvent(headers) } as CloudFrontRequest;
}

export function originEvent(asked: OriginRequest, address: string, origin: DistributionOrigin): CloudFrontRequest {
  const { settings, client, domainName } = origin;
  const customHeaders: CloudFrontHeaders = {};
  for (const [key, value] of Object.entries(settings.headers ?? {})) {
    customHeaders[key.toLowerCase()] = [{ key, value }];
  }
  const place = { customHeaders, domainName, path: settings.path ?? "" };
  const headers = new Map(asked.headers);
  if (!headers.has("host")) {
    headers.set("host", [domainName]);
  }
  return {
    clientIp: address,
    method: asked.method,
    uri: asked.uri,
    querystring: asked.querystring,
    headers: toEvent(headers),
    origin:
      client.type === "s3"
        ? { s3: { ...place, authMethod: "origin-access-identity", region: "us-east-1" } }
        : {
            custom: {
              ...place,
              keepaliveTimeout: settings.keepAliveTimeout ?? 5,
              port: 80,
              protocol: "http",
              readTimeout: settings.responseTimeout ?? 30,
              sslProtocols: ["TLSv1.2"],
            },
          },
  } as CloudFrontRequest;
}

/** Where a function sends a request: the origin's name in DNS, its path, the headers that are added for it. */
export function chosenOrigin({ origin }: CloudFrontRequest): { domainName: string; path: string; headers: Headers } {
  const { domainName = "", path = "", customHeaders = {} } = origin?.custom ?? origin?.s3 ?? {};
  return { domainName, path, headers: fromEvent(customHeaders) };
}

export function changedRequest(sent: EdgeRequest, { uri, querystring, headers }: CloudFrontRequest): EdgeRequest {
  return { ...sent, uri, querystring, headers: fromEvent(headers) };
}

export function eventResponse({ status, headers }: Answer): CloudFrontResponse {
  return { status: String(status), statusDescription: "", headers: toEvent(headers) };
}

type Made = Outcome & { kind: "response" };

const EMPTY = Buffer.alloc(0);

/** A response that a function made without an origin. */
export function generated({ response, body = EMPTY }: Made, isCloudFrontFunction: boolean): Answer {
  const headers = fromEvent(response.headers);
  headers.set("content-length", [String(body.length)]);
  if (!headers.has("server")) {
    headers.set("server", ["CloudFront"]);
  }
  const result = isCloudFrontFunction ? "FunctionGeneratedResponse" : "LambdaGeneratedResponse";
  return { status: Number(response.status), headers, body, result };
}

/** The response that a function made of another; the body stays unless it gave one. */
export function replaced(got: Answer, { response, body }: Made): Answer {
  const headers = fromEvent(response.headers);
  const status = Number(response.status);
  if (body === undefined) {
    return { ...got, status, headers };
  }
  discard(got.body);
  headers.delete("content-encoding");
  headers.set("content-length", [String(body.length)]);
  return { ...got, status, headers, body };
}
