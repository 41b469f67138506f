import { viewerCountryRestriction } from "./headers.ts";
import { pages } from "./pages.ts";
import { isBase64 } from "./response.ts";
import { type RequestChange, type Restriction, requestEvents, shown } from "./restriction.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const spaceOrControl = /[\u0000-\u0020\u007f]/;

/** "Less than 8,192 characters", the URI and the query string together. */
export const uriLimit = 8_192;

const KB = 1024;

/** By the encoding in which the function returns the body. */
export const replacedBodyLimits = {
  "viewer-request": { text: 40 * KB, base64: 53.2 * KB },
  "origin-request": { text: 1024 * KB, base64: 1.33 * 1024 * KB },
};

export const requestRestrictions: readonly Restriction<RequestChange>[] = [
  {
    name: "The method is read-only",
    at: requestEvents,
    page: pages.lambdaEdgeRequest,
    broken: ({ before, after }) =>
      after.method === before.method
        ? undefined
        : `The function changed the method from ${before.method} to ${shown(after.method)}`,
  },
  {
    name: "The client's address is read-only",
    of: "Lambda@Edge",
    at: requestEvents,
    page: pages.lambdaEdgeRequest,
    broken: ({ before, after }) =>
      after.clientIp === undefined || after.clientIp === before.clientIp
        ? undefined
        : `The function changed clientIp to ${shown(after.clientIp)}`,
  },
  {
    name: "The URI begins with a slash",
    at: requestEvents,
    page: pages.lambdaEdgeRequest,
    broken: ({ after }) => (after.uri.startsWith("/") ? undefined : `The URI is ${shown(after.uri)}`),
  },
  {
    name: "The URI has no space and no control character",
    at: requestEvents,
    page: pages.validation,
    broken: ({ before, after }) =>
      after.uri !== before.uri && spaceOrControl.test(after.uri) ? `The URI is ${shown(after.uri)}` : undefined,
  },
  {
    name: "The query string has no space, no control character and no fragment identifier",
    at: requestEvents,
    page: pages.queryStrings,
    broken: ({ before, after }) =>
      after.querystring !== before.querystring &&
      (spaceOrControl.test(after.querystring) || after.querystring.includes("#"))
        ? `The query string is ${shown(after.querystring)}`
        : undefined,
  },
  {
    name: "The URI with its query string is shorter than 8,192 characters",
    at: requestEvents,
    page: pages.uri,
    broken: ({ after }) => {
      const length = after.uri.length + (after.querystring === "" ? 0 : after.querystring.length + 1);
      return length < uriLimit ? undefined : `The URI with its query string has ${length} characters`;
    },
  },
  viewerCountryRestriction,
  {
    name: "A request body is read or replaced",
    of: "Lambda@Edge",
    at: requestEvents,
    page: pages.lambdaEdgeRequest,
    broken: ({ before, after }) => {
      if (after.body === undefined) return undefined;
      if (before.body === undefined) return "The function added a body to a request without one";
      return after.body.action === "read-only" || after.body.action === "replace"
        ? undefined
        : `body.action is ${shown(after.body.action)}`;
    },
  },
  {
    name: "A replaced request body is text or valid base64",
    of: "Lambda@Edge",
    at: requestEvents,
    page: pages.lambdaEdgeRequest,
    broken: ({ after }) => {
      if (after.body?.action !== "replace") return undefined;
      const { encoding = "base64", data } = after.body;
      if (encoding !== "text" && encoding !== "base64") return `body.encoding is ${shown(encoding)}`;
      if (typeof data !== "string") return `body.data is ${shown(data)}`;
      return encoding === "base64" && !isBase64(data) ? "body.data is not base64" : undefined;
    },
  },
  {
    name: "A replaced request body has at most 40 KB at viewer-request and 1 MB at origin-request",
    of: "Lambda@Edge",
    at: requestEvents,
    page: pages.requestBody,
    broken: ({ eventType, after }) => {
      if (after.body?.action !== "replace" || eventType.endsWith("response")) return undefined;
      const { encoding = "base64", data } = after.body;
      const limit = replacedBodyLimits[eventType as keyof typeof replacedBodyLimits][encoding];
      const size = Buffer.byteLength(data);
      return size > limit ? `The body has ${size} bytes as ${encoding}, ${Math.floor(limit)} are allowed` : undefined;
    },
  },
];
