import { isIP } from "node:net";
import type { CloudFrontCustomOrigin, CloudFrontOrigin, CloudFrontS3Origin } from "aws-lambda";
import { isDeniedAsCustomHeader, isDisallowed } from "./header-lists.ts";
import { wrongEntry } from "./lambda-edge-result.ts";
import { pages } from "./pages.ts";
import { isObject, type RequestChange, type Restriction, requestEvents, shown } from "./restriction.ts";

const protocols = ["TLSv1.2", "TLSv1.1", "TLSv1", "SSLv3"];

type Origin = CloudFrontCustomOrigin | CloudFrontS3Origin;

/** Origins that the function did not touch are the distribution's own affair, whatever the desk calls them. */
function changedOrigin(change: RequestChange): CloudFrontOrigin | undefined {
  const { before, after } = change;
  return JSON.stringify(after.origin) === JSON.stringify(before.origin) ? undefined : after.origin;
}

function only(origin: CloudFrontOrigin | undefined): Origin | undefined {
  return origin?.custom ?? origin?.s3;
}

/** A restriction on one field, checked when the function has set it to something else. */
function field<Name extends keyof CloudFrontCustomOrigin | keyof CloudFrontS3Origin>(
  kind: "custom" | "s3" | "any",
  name: Name,
  sentence: string,
  allowed: (value: unknown) => boolean,
): Restriction<RequestChange> {
  return {
    name: sentence,
    of: "Lambda@Edge",
    at: ["origin-request"],
    page: pages.lambdaEdgeRequest,
    broken: (change) => {
      const origin = changedOrigin(change);
      const target = kind === "any" ? only(origin) : origin?.[kind];
      if (target === undefined) return undefined;
      const is = (target as unknown as Record<string, unknown>)[name];
      const was = (only(change.before.origin) as Record<string, unknown> | undefined)?.[name];
      return JSON.stringify(is) === JSON.stringify(was) || allowed(is) ? undefined : `origin.${name} is ${shown(is)}`;
    },
  };
}

const within = (least: number, most: number) => (value: unknown) =>
  typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;

const isPath = (value: unknown): value is string =>
  typeof value === "string" && (value === "" || (value.startsWith("/") && !value.endsWith("/")));

export const originRestrictions: readonly Restriction<RequestChange>[] = [
  {
    name: "The origin can be changed at origin-request only",
    of: "Lambda@Edge",
    at: requestEvents,
    page: pages.lambdaEdgeRequest,
    broken: (change) =>
      change.eventType === "viewer-request" && changedOrigin(change) !== undefined
        ? "The function set an origin at viewer-request"
        : undefined,
  },
  {
    name: "There is exactly one origin, a custom one or an S3 one",
    of: "Lambda@Edge",
    at: ["origin-request"],
    page: pages.lambdaEdgeRequest,
    broken: (change) => {
      const origin: unknown = change.after.origin;
      if (change.before.origin !== undefined && origin === undefined) return "The function removed the origin";
      if (changedOrigin(change) === undefined) return undefined;
      const kinds = isObject(origin) ? Object.keys(origin).filter((kind) => isObject(origin[kind])) : [];
      return kinds.length === 1 && (kinds[0] === "custom" || kinds[0] === "s3")
        ? undefined
        : `The origin is ${shown(origin)}`;
    },
  },
  field(
    "custom",
    "domainName",
    "A custom origin's domain name is a DNS name of at most 253 characters, without a colon, and no address",
    (name) => typeof name === "string" && name !== "" && name.length <= 253 && !name.includes(":") && isIP(name) === 0,
  ),
  field(
    "s3",
    "domainName",
    "An S3 origin's domain name has at most 128 characters, all in lower case",
    (name) => typeof name === "string" && name !== "" && name.length <= 128 && name === name.toLowerCase(),
  ),
  field("any", "path", "An origin's path begins with a slash and does not end with one", isPath),
  field(
    "custom",
    "path",
    "A custom origin's path is URL encoded and has at most 255 characters",
    (path) => isPath(path) && path.length <= 255 && /^[!-~]*$/.test(path),
  ),
  field("custom", "port", "A custom origin's port is 80, 443 or between 1024 and 65535", (port) =>
    port === 80 || port === 443 ? true : within(1024, 65_535)(port),
  ),
  field("custom", "protocol", "A custom origin's protocol is http or https", (protocol) =>
    ["http", "https"].includes(protocol as string),
  ),
  field(
    "custom",
    "keepaliveTimeout",
    "A custom origin's keep-alive timeout is between 1 and 120 seconds",
    within(1, 120),
  ),
  field("custom", "readTimeout", "A custom origin's response timeout is between 1 and 120 seconds", within(1, 120)),
  field(
    "custom",
    "sslProtocols",
    "A custom origin's SSL protocols are TLSv1.2, TLSv1.1, TLSv1 or SSLv3",
    (list) => Array.isArray(list) && list.length > 0 && list.every((protocol) => protocols.includes(protocol)),
  ),
  field("s3", "authMethod", "An S3 origin's authMethod is none or origin-access-identity", (method) =>
    ["none", "origin-access-identity"].includes(method as string),
  ),
  {
    name: "An S3 origin with an origin access identity names its region",
    of: "Lambda@Edge",
    at: ["origin-request"],
    page: pages.lambdaEdgeRequest,
    broken: (change) => {
      const s3 = changedOrigin(change)?.s3;
      return s3?.authMethod === "origin-access-identity" && !s3.region ? "origin.s3.region is missing" : undefined;
    },
  },
  {
    name: "A custom origin can't be changed to an S3 origin with an origin access identity",
    of: "Lambda@Edge",
    at: ["origin-request"],
    page: pages.lambdaEdgeRequest,
    broken: (change) =>
      change.before.origin?.custom !== undefined && changedOrigin(change)?.s3?.authMethod === "origin-access-identity"
        ? "The request came with a custom origin"
        : undefined,
  },
  {
    name: "Custom headers have the form of headers",
    of: "Lambda@Edge",
    at: ["origin-request"],
    page: pages.lambdaEdgeRequest,
    broken: (change) => {
      const headers: unknown = only(changedOrigin(change))?.customHeaders ?? {};
      return isObject(headers)
        ? wrongEntry("origin.customHeaders", headers)
        : `origin.customHeaders is ${shown(headers)}`;
    },
  },
  {
    name: "Custom headers can't be disallowed ones",
    of: "Lambda@Edge",
    at: ["origin-request"],
    page: pages.customHeaders,
    broken: (change) => {
      const had = only(change.before.origin)?.customHeaders ?? {};
      const name = Object.keys(only(changedOrigin(change))?.customHeaders ?? {}).find(
        (candidate) => !(candidate in had) && (isDisallowed(candidate) || isDeniedAsCustomHeader(candidate)),
      );
      return name === undefined ? undefined : `origin.customHeaders has ${name}`;
    },
  },
  {
    name: "A custom header can't have the name of a header of the request",
    of: "Lambda@Edge",
    at: ["origin-request"],
    page: pages.lambdaEdgeRequest,
    broken: (change) => {
      const sent = new Set(Object.keys(change.after.headers).map((name) => name.toLowerCase()));
      const twice = Object.keys(only(changedOrigin(change))?.customHeaders ?? {}).find((name) =>
        sent.has(name.toLowerCase()),
      );
      return twice === undefined ? undefined : `${twice} is in headers and in origin.customHeaders`;
    },
  },
];
