import { readFileSync } from "node:fs";
import type { CloudFrontOrigin } from "aws-lambda";
import { describe, expect, test } from "vitest";
import type { Outcome } from "../../src/functions/index.ts";
import { disallowedHeaders, readOnlyHeaders } from "../../src/functions/restrictions/header-lists.ts";
import { ofRequests, ofResponses, ofResults, ofScripts } from "../../src/functions/restrictions/index.ts";
import {
  type Attempt,
  attempt,
  context,
  deployed,
  headers,
  passed,
  reason,
  request,
  response,
  responseAt,
} from "./functions.ts";

interface Case extends Omit<Attempt, "lambda" | "cloudFront"> {
  restriction: string;
  runtime?: "lambda" | "cloudFront";
  /** A handler that breaks the restriction. */
  breaks: string;
  /** What the reason says then. */
  says: string;
  /** A handler that stays just inside. */
  keeps: string;
}

const customOrigin: CloudFrontOrigin = {
  custom: {
    customHeaders: {},
    domainName: "api.example.com",
    keepaliveTimeout: 5,
    path: "",
    port: 443,
    protocol: "https",
    readTimeout: 30,
    sslProtocols: ["TLSv1.2"],
  },
};
const s3Origin: CloudFrontOrigin = {
  s3: { authMethod: "none", customHeaders: {}, domainName: "site.s3.amazonaws.com", path: "" },
};
const withCustomOrigin = request({ origin: customOrigin });
const withS3Origin = request({ origin: s3Origin });
const withBody = request({
  method: "POST",
  body: { action: "read-only", data: "aGVsbG8=", encoding: "base64", inputTruncated: false },
});
const replace = (encoding: string, data: string) =>
  `request.body = { action: "replace", encoding: "${encoding}", data: ${data} }; return request;`;

const cases: Case[] = [
  // The form of what a Lambda@Edge function returns.
  {
    restriction: "A function returns an object",
    at: "origin-request",
    breaks: "return [request]",
    says: "The function returned [{",
    keeps: "return request",
  },
  {
    restriction: "A function at a response event returns a response with its status",
    at: "origin-response",
    breaks: "return request",
    says: "without a status",
    keeps: "return response",
  },
  {
    restriction: "A function at a request event returns a request with method and uri, or a response with a status",
    at: "viewer-request",
    breaks: "return { method: request.method, headers: request.headers }",
    says: "without uri",
    keeps: "return { method: request.method, uri: request.uri, headers: request.headers }",
  },
  {
    restriction: "The status is a string",
    at: "origin-request",
    breaks: "return { status: true }",
    says: "The status is true",
    keeps: "return { status: 303 }",
  },
  {
    restriction: "Status description, body and body encoding are strings",
    at: "origin-request",
    breaks: 'return { status: "200", body: { html: "<p>" } }',
    says: "body is {",
    keeps: 'return { status: "200", body: "<p>" }',
  },
  {
    restriction: "The query string is a string",
    at: "viewer-request",
    breaks: "request.querystring = { a: 1 }; return request",
    says: 'The query string is {"a":1}',
    keeps: 'request.querystring = "a=1"; return request',
  },
  {
    restriction: "A request body is an object",
    at: "origin-request",
    request: withBody,
    breaks: 'request.body = "text"; return request',
    says: 'body is "text"',
    keeps: "return request",
  },
  {
    restriction: "Headers are an object",
    at: "origin-request",
    breaks: 'return { status: "200", headers: [] }',
    says: "headers is []",
    keeps: 'return { status: "200", headers: {} }',
  },
  {
    restriction: "Each header is an array of entries with a value, and a key if wanted, that are strings",
    at: "origin-request",
    breaks: 'request.headers["x-a"] = { value: "1" }; return request',
    says: 'headers["x-a"] is {"value":"1"}',
    keeps: 'request.headers["x-a"] = [{ value: "1" }]; return request',
  },
  // The form of what a CloudFront Function returns.
  {
    restriction: "A function returns the request or the response",
    runtime: "cloudFront",
    at: "viewer-request",
    breaks: "return 'request'",
    says: 'The function returned "request"',
    keeps: "return request",
  },
  {
    restriction: "A function at viewer-response returns a response with its statusCode",
    runtime: "cloudFront",
    at: "viewer-response",
    breaks: "return request",
    says: "The function returned {",
    keeps: "return response",
  },
  {
    restriction: "A function at viewer-request returns a request with method and uri, or a response with a statusCode",
    runtime: "cloudFront",
    at: "viewer-request",
    breaks: "return { uri: '/', headers: request.headers }",
    says: "without method",
    keeps: "return { method: 'GET', uri: '/', headers: request.headers }",
  },
  {
    restriction: "The statusCode is an integer",
    runtime: "cloudFront",
    at: "viewer-request",
    breaks: "return { statusCode: '302' }",
    says: 'The statusCode is "302"',
    keeps: "return { statusCode: 302 }",
  },
  {
    restriction: "The statusDescription is a string",
    runtime: "cloudFront",
    at: "viewer-request",
    breaks: "return { statusCode: 302, statusDescription: 302 }",
    says: "The statusDescription is 302",
    keeps: "return { statusCode: 302, statusDescription: 'Found' }",
  },
  {
    restriction: "Headers are objects with a value or a multiValue of strings",
    runtime: "cloudFront",
    at: "viewer-request",
    breaks: "request.headers['x-a'] = 'a'; return request",
    says: 'headers["x-a"] is "a"',
    keeps: "request.headers['x-a'] = { multiValue: [{ value: 'a' }, { value: 'b' }] }; return request",
  },
  {
    restriction: "Header names are in lower case",
    runtime: "cloudFront",
    at: "viewer-request",
    breaks: "request.headers['X-A'] = { value: 'a' }; return request",
    says: 'headers has "X-A"',
    keeps: "request.headers['x-a'] = { value: 'a' }; return request",
  },
  {
    restriction: "Cookies are objects with a value or a multiValue of strings",
    runtime: "cloudFront",
    at: "viewer-response",
    breaks: "response.cookies.id = 'a'; return response",
    says: 'cookies["id"] is "a"',
    keeps: "response.cookies.id = { value: 'a', attributes: 'Secure' }; return response",
  },
  {
    restriction: "Query string parameters are objects with a value or a multiValue of strings",
    runtime: "cloudFront",
    at: "viewer-request",
    breaks: "request.querystring = 'w=320'; return request",
    says: 'querystring is "w=320"',
    keeps: "request.querystring = { w: { value: '320' } }; return request",
  },
  {
    restriction: "A body is a string or an object with encoding and data",
    runtime: "cloudFront",
    at: "viewer-request",
    breaks: "return { statusCode: 200, body: { data: 'a' } }",
    says: 'The body is {"data":"a"}',
    keeps: "return { statusCode: 200, body: { data: 'a', encoding: 'text' } }",
  },
  // Requests.
  {
    restriction: "The method is read-only",
    at: "origin-request",
    breaks: 'request.method = "POST"; return request',
    says: "The function changed the method from GET to",
    keeps: 'request.method = "GET"; return request',
  },
  {
    restriction: "The method is read-only",
    runtime: "cloudFront",
    at: "viewer-request",
    breaks: 'request.method = "POST"; return request',
    says: "The function changed the method from GET to",
    keeps: 'request.method = "GET"; return request',
  },
  {
    restriction: "The client's address is read-only",
    at: "viewer-request",
    breaks: 'request.clientIp = "192.0.2.1"; return request',
    says: 'The function changed clientIp to "192.0.2.1"',
    keeps: "return request",
  },
  {
    restriction: "The URI begins with a slash",
    at: "origin-request",
    breaks: 'request.uri = "index.html"; return request',
    says: 'The URI is "index.html"',
    keeps: 'request.uri = "/index.html"; return request',
  },
  {
    restriction: "The URI begins with a slash",
    runtime: "cloudFront",
    at: "viewer-request",
    breaks: 'request.uri = ""; return request',
    says: 'The URI is ""',
    keeps: 'request.uri = "/"; return request',
  },
  {
    restriction: "The URI has no space and no control character",
    at: "origin-request",
    breaks: 'request.uri = "/a b"; return request',
    says: 'The URI is "/a b"',
    keeps: 'request.uri = "/a%20b"; return request',
  },
  ...[" ", "\\t", "#"].map(
    (character): Case => ({
      restriction: "The query string has no space, no control character and no fragment identifier",
      at: "origin-request",
      breaks: `request.querystring = "a=1${character}"; return request`,
      says: "The query string is",
      keeps: 'request.querystring = "a=%23%20"; return request',
    }),
  ),
  {
    restriction: "The URI with its query string is shorter than 8,192 characters",
    at: "viewer-request",
    breaks: 'request.uri = "/" + "a".repeat(8000); request.querystring = "b".repeat(190); return request',
    says: "has 8192 characters",
    keeps: 'request.uri = "/" + "a".repeat(8000); request.querystring = "b".repeat(189); return request',
  },
  {
    restriction: "CloudFront-Viewer-Country can't be added at viewer-request",
    at: "viewer-request",
    breaks: 'request.headers["cloudfront-viewer-country"] = [{ value: "KR" }]; return request',
    says: "The function added CloudFront-Viewer-Country",
    keeps: 'request.headers["cloudfront-viewer-city"] = [{ value: "Seoul" }]; return request',
  },
  {
    restriction: "A request body is read or replaced",
    at: "origin-request",
    request: withBody,
    breaks: 'request.body.action = "drop"; return request',
    says: 'body.action is "drop"',
    keeps: 'request.body.action = "read-only"; return request',
  },
  {
    restriction: "A replaced request body is text or valid base64",
    at: "origin-request",
    request: withBody,
    breaks: replace("base64", '"not base64"'),
    says: "body.data is not base64",
    keeps: replace("base64", '"aGVsbG8="'),
  },
  ...(
    [
      ["viewer-request", "text", 40_960, 40_961],
      ["viewer-request", "base64", 54_476, 54_480],
      ["origin-request", "text", 1_048_576, 1_048_577],
      ["origin-request", "base64", 1_394_604, 1_394_608],
    ] as const
  ).map(
    ([at, encoding, fits, large]): Case => ({
      restriction: "A replaced request body has at most 40 KB at viewer-request and 1 MB at origin-request",
      at,
      request: withBody,
      breaks: replace(encoding, `"a".repeat(${large})`),
      says: `The body has ${large} bytes as ${encoding}`,
      keeps: replace(encoding, `"a".repeat(${fits})`),
    }),
  ),
  // Origins.
  {
    restriction: "The origin can be changed at origin-request only",
    at: "viewer-request",
    breaks: `request.origin = ${JSON.stringify(customOrigin)}; return request`,
    says: "The function set an origin at viewer-request",
    keeps: "return request",
  },
  {
    restriction: "There is exactly one origin, a custom one or an S3 one",
    at: "origin-request",
    request: withCustomOrigin,
    breaks: `request.origin.s3 = ${JSON.stringify(s3Origin.s3)}; return request`,
    says: "The origin is {",
    keeps: `request.origin = ${JSON.stringify(s3Origin)}; return request`,
  },
  ...(
    [
      ['"10.0.0.1"', '"api-2.example.com"'],
      ['"api.example.com:8080"', '"api.example.org"'],
      ['"a".repeat(254)', '"a".repeat(253)'],
      ['""', '"a"'],
    ] as const
  ).map(
    ([wrong, right]): Case => ({
      restriction:
        "A custom origin's domain name is a DNS name of at most 253 characters, without a colon, and no address",
      at: "origin-request",
      request: withCustomOrigin,
      breaks: `request.origin.custom.domainName = ${wrong}; return request`,
      says: "origin.domainName is",
      keeps: `request.origin.custom.domainName = ${right}; return request`,
    }),
  ),
  {
    restriction: "An S3 origin's domain name has at most 128 characters, all in lower case",
    at: "origin-request",
    request: withS3Origin,
    breaks: 'request.origin.s3.domainName = "Bucket.s3.amazonaws.com"; return request',
    says: 'origin.domainName is "Bucket',
    keeps: 'request.origin.s3.domainName = "a".repeat(128); return request',
  },
  {
    restriction: "An origin's path begins with a slash and does not end with one",
    at: "origin-request",
    request: withS3Origin,
    breaks: 'request.origin.s3.path = "/v2/"; return request',
    says: 'origin.path is "/v2/"',
    keeps: 'request.origin.s3.path = "/v2"; return request',
  },
  {
    restriction: "A custom origin's path is URL encoded and has at most 255 characters",
    at: "origin-request",
    request: withCustomOrigin,
    breaks: 'request.origin.custom.path = "/" + "a".repeat(255); return request',
    says: "origin.path is",
    keeps: 'request.origin.custom.path = "/" + "a".repeat(254); return request',
  },
  {
    restriction: "A custom origin's port is 80, 443 or between 1024 and 65535",
    at: "origin-request",
    request: withCustomOrigin,
    breaks: "request.origin.custom.port = 1023; return request",
    says: "origin.port is 1023",
    keeps: "request.origin.custom.port = 1024; return request",
  },
  {
    restriction: "A custom origin's protocol is http or https",
    at: "origin-request",
    request: withCustomOrigin,
    breaks: 'request.origin.custom.protocol = "ftp"; return request',
    says: 'origin.protocol is "ftp"',
    keeps: 'request.origin.custom.protocol = "http"; return request',
  },
  {
    restriction: "A custom origin's keep-alive timeout is between 1 and 120 seconds",
    at: "origin-request",
    request: withCustomOrigin,
    breaks: "request.origin.custom.keepaliveTimeout = 121; return request",
    says: "origin.keepaliveTimeout is 121",
    keeps: "request.origin.custom.keepaliveTimeout = 120; return request",
  },
  {
    restriction: "A custom origin's response timeout is between 1 and 120 seconds",
    at: "origin-request",
    request: withCustomOrigin,
    breaks: "request.origin.custom.readTimeout = 0; return request",
    says: "origin.readTimeout is 0",
    keeps: "request.origin.custom.readTimeout = 1; return request",
  },
  {
    restriction: "A custom origin's SSL protocols are TLSv1.2, TLSv1.1, TLSv1 or SSLv3",
    at: "origin-request",
    request: withCustomOrigin,
    breaks: 'request.origin.custom.sslProtocols = ["TLSv1.4"]; return request',
    says: 'origin.sslProtocols is ["TLSv1.4"]',
    keeps: 'request.origin.custom.sslProtocols = ["TLSv1.1", "TLSv1.2"]; return request',
  },
  {
    restriction: "An S3 origin's authMethod is none or origin-access-identity",
    at: "origin-request",
    request: withS3Origin,
    breaks: 'request.origin.s3.authMethod = "signed"; return request',
    says: 'origin.authMethod is "signed"',
    keeps:
      'request.origin.s3.authMethod = "origin-access-identity"; request.origin.s3.region = "us-east-1"; return request',
  },
  {
    restriction: "An S3 origin with an origin access identity names its region",
    at: "origin-request",
    request: withS3Origin,
    breaks: 'request.origin.s3.authMethod = "origin-access-identity"; return request',
    says: "origin.s3.region is missing",
    keeps:
      'request.origin.s3.authMethod = "origin-access-identity"; request.origin.s3.region = "us-east-1"; return request',
  },
  {
    restriction: "A custom origin can't be changed to an S3 origin with an origin access identity",
    at: "origin-request",
    request: withCustomOrigin,
    breaks: `request.origin = { s3: { ...${JSON.stringify(s3Origin.s3)}, authMethod: "origin-access-identity", region: "us-east-1" } }; return request`,
    says: "The request came with a custom origin",
    keeps: `request.origin = ${JSON.stringify(s3Origin)}; return request`,
  },
  {
    restriction: "Custom headers have the form of headers",
    at: "origin-request",
    request: withCustomOrigin,
    breaks: 'request.origin.custom.customHeaders = { "x-secret": "a" }; return request',
    says: 'origin.customHeaders["x-secret"] is "a"',
    keeps: 'request.origin.custom.customHeaders = { "x-secret": [{ value: "a" }] }; return request',
  },
  ...["Cache-Control", "X-Amz-Date", "X-Edge-Location", "Upgrade"].map(
    (name): Case => ({
      restriction: "Custom headers can't be disallowed ones",
      at: "origin-request",
      request: withCustomOrigin,
      breaks: `request.origin.custom.customHeaders = { "${name}": [{ value: "a" }] }; return request`,
      says: `origin.customHeaders has ${name}`,
      keeps: 'request.origin.custom.customHeaders = { "x-secret": [{ value: "a" }] }; return request',
    }),
  ),
  {
    restriction: "A custom header can't have the name of a header of the request",
    at: "origin-request",
    request: withCustomOrigin,
    breaks: 'request.origin.custom.customHeaders = { "User-Agent": [{ value: "a" }] }; return request',
    says: "User-Agent is in headers and in origin.customHeaders",
    keeps: 'request.origin.custom.customHeaders = { "x-agent": [{ value: "a" }] }; return request',
  },
  // Responses.
  ...(
    [
      ["origin-request", 'return { status: "199" }', 'return { status: "200" }'],
      ["origin-response", 'response.status = "600"; return response', 'response.status = "599"; return response'],
      ["origin-request", 'return { status: "2xx" }', 'return { status: "299" }'],
    ] as const
  ).map(
    ([at, breaks, keeps]): Case => ({
      restriction: "The status is between 200 and 599",
      at,
      breaks,
      says: "The status is",
      keeps,
    }),
  ),
  {
    restriction: "The status is between 200 and 599",
    runtime: "cloudFront",
    at: "viewer-request",
    breaks: "return { statusCode: 101 }",
    says: 'The status is "101"',
    keeps: "return { statusCode: 401 }",
  },
  {
    restriction: "The status can't be changed at viewer-response",
    at: "viewer-response",
    breaks: 'response.status = "404"; return response',
    says: "The function changed the status from 200 to 404",
    keeps: 'response.status = "200"; return response',
  },
  {
    restriction: "The status description has no control character",
    at: "origin-response",
    breaks: 'response.statusDescription = "OK\\r\\nSet-Cookie: a=b"; return response',
    says: "It is",
    keeps: 'response.statusDescription = "Fine"; return response',
  },
  {
    restriction: "The body's encoding is text or base64",
    at: "origin-request",
    breaks: 'return { status: "200", body: "a", bodyEncoding: "utf8" }',
    says: 'The encoding is "utf8"',
    keeps: 'return { status: "200", body: "a", bodyEncoding: "text" }',
  },
  {
    restriction: "A base64 body is valid base64",
    at: "origin-request",
    breaks: 'return { status: "200", body: "é!", bodyEncoding: "base64" }',
    says: "The body is not base64",
    keeps: 'return { status: "200", body: "w6k=", bodyEncoding: "base64" }',
  },
  {
    restriction: "A base64 body is valid base64",
    runtime: "cloudFront",
    at: "viewer-response",
    breaks: "response.body = { encoding: 'base64', data: '<p>' }; return response",
    says: "The body is not base64",
    keeps: "response.body = { encoding: 'base64', data: 'PHA+' }; return response",
  },
  {
    restriction: "A 204 generated at viewer-request has no body",
    at: "viewer-request",
    breaks: 'return { status: "204", body: "a" }',
    says: "The status is 204 and there is a body",
    keeps: 'return { status: "204" }',
  },
  ...(
    [
      ["viewer-request", "", 40_960],
      ["origin-request", "", 1_048_576],
      ["origin-response", "response.headers = { via: response.headers.via };", 1_048_576 - 17],
      ["viewer-response", "", 40_960 - 64],
    ] as const
  ).map(
    ([at, first, size]): Case => ({
      restriction: "A generated response has at most 40 KB at viewer events and 1 MB at origin events",
      at,
      breaks: `${first} return { status: "200", headers: response?.headers, body: "a".repeat(${size + 1}) }`,
      says: "bytes with its headers",
      keeps: `${first} return { status: "200", headers: response?.headers, body: "a".repeat(${size}) }`,
    }),
  ),
  {
    restriction: "A generated response has at most 40 KB at viewer events and 1 MB at origin events",
    at: "origin-request",
    breaks: 'return { status: "200", bodyEncoding: "base64", body: Buffer.alloc(790_000).toString("base64") }',
    says: "The response has 1053336 bytes with its headers",
    keeps: 'return { status: "200", bodyEncoding: "base64", body: Buffer.alloc(786_432).toString("base64") }',
  },
  // Headers.
  {
    restriction: "A header's name is a token",
    at: "origin-request",
    breaks: 'request.headers["x a"] = [{ value: "1" }]; return request',
    says: '"x a" has a character that no header name can have',
    keeps: 'request.headers["x_a"] = [{ value: "1" }]; return request',
  },
  {
    restriction: "A header's value has no control character",
    at: "origin-response",
    breaks: 'response.headers["x-a"] = [{ value: "1\\r\\nx-b: 2" }]; return response',
    says: "The value of x-a has a line break",
    keeps: 'response.headers["x-a"] = [{ value: "서울\\t1" }]; return response',
  },
  {
    restriction: "A header's value has no control character",
    runtime: "cloudFront",
    at: "viewer-request",
    breaks: "return { statusCode: 302, headers: { location: { value: '/a\\nb' } } }",
    says: "The value of location has a line break",
    keeps: "return { statusCode: 302, headers: { location: { value: '/a' } } }",
  },
  {
    restriction: "A header's key is its name",
    at: "origin-request",
    breaks: 'request.headers["x-a"] = [{ key: "X-B", value: "1" }]; return request',
    says: 'headers["x-a"] has an entry whose key is "X-B"',
    keeps: 'request.headers["x-a"] = [{ key: "X-a", value: "1" }]; return request',
  },
  ...disallowedHeaders.map(
    (name): Case => ({
      restriction: "A disallowed header can't be added",
      at: "origin-response",
      breaks: `response.headers["${name.toLowerCase().replace("*", "a")}"] = [{ value: "1" }]; return response`,
      says: "The function added the disallowed header",
      keeps: 'response.headers["x-amzn-trace-id"] = [{ value: "Root=1" }]; return response',
    }),
  ),
  {
    restriction: "A disallowed header can't be added",
    runtime: "cloudFront",
    at: "viewer-request",
    breaks: "request.headers['x-forwarded-proto'] = { value: 'https' }; return request",
    says: "The function added the disallowed header x-forwarded-proto",
    keeps: "request.headers['x-forwarded-port'] = { value: '443' }; return request",
  },
  ...(["viewer-request", "origin-request", "origin-response", "viewer-response"] as const).flatMap((at) => {
    const target = at.endsWith("request") ? "request" : "response";
    return readOnlyHeaders("Lambda@Edge", at).map(
      (name): Case => ({
        restriction: "A read-only header can't be added, modified or deleted",
        at,
        request: request({ headers: headers({ [name]: "before" }) }),
        response: response({ headers: headers({ [name]: "before" }) }),
        breaks: `${target}.headers["${name.toLowerCase()}"] = [{ value: "after" }]; return ${target}`,
        says: `The function modified ${name}, which is read-only at ${at}`,
        keeps: `${target}.headers["${name.toLowerCase()}"] = [{ value: "before" }]; return ${target}`,
      }),
    );
  }),
  {
    restriction: "A read-only header can't be added, modified or deleted",
    at: "origin-response",
    breaks: "delete response.headers.via; return response",
    says: "The function deleted Via, which is read-only at origin-response",
    keeps: 'delete response.headers["content-length"]; return response',
  },
  {
    restriction: "A read-only header can't be added, modified or deleted",
    at: "origin-request",
    breaks: 'return { status: "200", headers: { "content-length": [{ value: "2" }] }, body: "ok" }',
    says: "The function added Content-Length, which is read-only at origin-request",
    keeps: 'return { status: "200", headers: { "content-type": [{ value: "text/plain" }] }, body: "ok" }',
  },
  {
    restriction: "A read-only header can't be added, modified or deleted",
    runtime: "cloudFront",
    at: "viewer-request",
    breaks: "request.headers.host = { value: 'other' }; return request",
    says: "The function modified Host, which is read-only at viewer-request",
    keeps: "return request",
  },
  {
    restriction: "A read-only header can't be added, modified or deleted",
    runtime: "cloudFront",
    at: "viewer-response",
    breaks: "response.headers.warning = { value: '199 a' }; return response",
    says: "The function added Warning, which is read-only at viewer-response",
    keeps: "response.headers['content-length'] = { value: '2' }; response.body = 'ok'; return response",
  },
  {
    restriction: "A request and a response have at most 20,480 bytes without the body",
    at: "origin-response",
    response: response({ headers: {} }),
    breaks: 'response.headers["x-a"] = [{ value: "a".repeat(20_474) }]; return response',
    says: "have 20481 bytes",
    keeps: 'response.headers["x-a"] = [{ value: "a".repeat(20_473) }]; return response',
  },
  {
    restriction: "A request and a response have at most 20,480 bytes without the body",
    runtime: "cloudFront",
    at: "viewer-request",
    request: request({ uri: "/", headers: {} }),
    breaks: "request.headers['x-a'] = { value: 'a'.repeat(20473) }; return request",
    says: "have 20481 bytes",
    keeps: "request.headers['x-a'] = { value: 'a'.repeat(20472) }; return request",
  },
];

const scripts = [
  ["classes", "class A {} return request", "return request"],
  ["generators", "const g = function* () {}; return request", "const g = function () {}; return request"],
  ["for-of loops", "for (const a of [1]); return request", "for (const a in [1]); return request"],
  ["destructuring", "const { uri } = request; return request", "const uri = request.uri; return request"],
  ["default parameters", "const f = (a = 1) => a; return request", "const f = (...a) => a[0]; return request"],
  ["spread syntax", "return { ...request }", "return Object.assign({}, request)"],
  ["optional chaining", "request?.uri; return request", "request && request.uri; return request"],
  [
    "nullish coalescing and logical assignment",
    "request.uri ??= '/'; return request",
    "request.uri || '/'; return request",
  ],
  ["BigInt literals", "1n; return request", "1_000; return request"],
  ["asynchronous closures", "const f = async () => {}; return request", "async function f() {} return request"],
] as const;

describe.each(scripts)("Runtime 2.0 has no %s", (name, breaks, keeps) => {
  test("in a CloudFront Function", async () => {
    const broken = reason((await attempt({ at: "viewer-request", cloudFront: breaks })).outcome);

    expect(broken).toMatch(/^503 FunctionExecutionError: tried at /);
    expect(broken).toContain(`Line 1 has ${name}. Runtime 2.0 has no ${name}: https://docs.aws.amazon.com/`);
    passed((await attempt({ at: "viewer-request", cloudFront: keeps })).outcome);
  });
});

test("each restriction of the language has a function that breaks it", () => {
  expect(scripts.map(([name]) => `Runtime 2.0 has no ${name}`)).toEqual(ofScripts.map(({ name }) => name));
});

const restrictions = [...new Set([...ofResults, ...ofRequests, ...ofResponses].map(({ name }) => name))];

test("the README has a row for each restriction", () => {
  const readme = readFileSync(new URL("../../src/functions/README.md", import.meta.url), "utf8");

  for (const { name } of [...ofScripts, ...ofResults, ...ofRequests, ...ofResponses]) {
    expect(readme).toContain(`| ${name} `);
  }
});

/** Every Lambda@Edge handler in one bundle: the request's id says which. */
const handlers = cases
  .filter(({ runtime }) => runtime !== "cloudFront")
  .flatMap(({ breaks, keeps }) => [breaks, keeps]);
const lambda = deployed({
  tried: {
    timeout: 30,
    code: `const handlers = [${handlers.map((body) => `async ({ request, response }) => { ${body} }`).join(",\n")}];
      exports.handler = async ({ Records: [{ cf }] }) => handlers[cf.config.requestId](cf);`,
  },
});

async function run({ runtime, at, ...given }: Case, body: string): Promise<Outcome> {
  if (runtime === "cloudFront") return (await attempt({ at, ...given, cloudFront: body })).outcome;
  const which = { ...context, requestId: String(handlers.indexOf(body)) };
  const { outcome } = await lambda.run("tried", at, which, given.request ?? request(), responseAt(at, given.response));
  return outcome;
}

describe.each(restrictions)("%s", (restriction) => {
  const own = cases.filter((one) => one.restriction === restriction);

  test("has a function that breaks it", () => {
    expect(own).not.toHaveLength(0);
  });

  test.for(own)("$at, $says", async (one) => {
    const broken = reason(await run(one, one.breaks));

    expect(broken).toMatch(/^502 (Lambda|Function)ValidationError: tried at /);
    expect(broken).toContain(one.says);
    expect(broken).toContain(`. ${restriction}: https://docs.aws.amazon.com/AmazonCloudFront/`);

    passed(await run(one, one.keeps));
  });
});
