import type { CloudFrontHeaders } from "aws-lambda";
import { sizeOf, valuesOf } from "../headers.ts";
import { isDisallowed, readOnlyHeaders } from "./header-lists.ts";
import { pages } from "./pages.ts";
import { everyEvent, type RequestChange, type ResponseChange, type Restriction, shown } from "./restriction.ts";

type Change = RequestChange | ResponseChange;

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const control = /[\u0000-\u0008\u000a-\u001f\u007f]/;

/** "Maximum length of a request or an origin response, including headers and query strings, but not the body". */
export const maximumHead = 20_480;

export const headerRestrictions: readonly Restriction<Change>[] = [
  {
    name: "A header's name is a token",
    at: everyEvent,
    page: pages.validation,
    broken: ({ after }) => {
      const name = Object.keys(after.headers ?? {}).find((candidate) => !token.test(candidate));
      return name === undefined ? undefined : `${shown(name)} has a character that no header name can have`;
    },
  },
  {
    name: "A header's value has no control character",
    at: everyEvent,
    page: pages.validation,
    broken: ({ after }) => {
      const has = Object.entries(after.headers ?? {}).find(([, lines]) =>
        lines.some(({ value }) => control.test(value)),
      );
      const name = has?.[0];
      return name === undefined ? undefined : `The value of ${name} has a line break or another control character`;
    },
  },
  {
    name: "A header's key is its name",
    of: "Lambda@Edge",
    at: everyEvent,
    page: pages.lambdaEdgeRequest,
    broken: ({ after }) => {
      for (const [name, entries] of Object.entries(after.headers ?? {})) {
        const other = entries.find(({ key }) => key !== undefined && key.toLowerCase() !== name);
        if (other !== undefined) return `headers[${shown(name)}] has an entry whose key is ${shown(other.key)}`;
      }
      return undefined;
    },
  },
  {
    name: "A disallowed header can't be added",
    at: everyEvent,
    page: pages.disallowedHeaders,
    broken: ({ after }) => {
      const name = Object.keys(after.headers ?? {}).find(isDisallowed);
      return name === undefined ? undefined : `The function added the disallowed header ${name}`;
    },
  },
  {
    name: "A read-only header can't be added, modified or deleted",
    at: everyEvent,
    page: pages.readOnlyHeaders,
    broken: ({ kind, eventType, before, after }) => {
      for (const name of readOnlyHeaders(kind, eventType)) {
        const lower = name.toLowerCase();
        const was = before?.headers[lower] ?? [];
        const is = after.headers?.[lower] ?? [];
        if (was.length === is.length && was.every(({ value }, at) => value === is[at]?.value)) continue;
        const verb = was.length === 0 ? "added" : is.length === 0 ? "deleted" : "modified";
        return `The function ${verb} ${name}, which is read-only at ${eventType}`;
      }
      return undefined;
    },
  },
  {
    name: "A request and a response have at most 20,480 bytes without the body",
    at: everyEvent,
    page: pages.generalQuotas,
    broken: ({ after }) => {
      const line = "uri" in after ? Buffer.byteLength(after.uri) + Buffer.byteLength(after.querystring) : 0;
      const size = line + sizeOf(after.headers as CloudFrontHeaders | undefined);
      return size > maximumHead ? `The headers, with the URI of a request, have ${size} bytes` : undefined;
    },
  },
];

export const viewerCountryRestriction: Restriction<RequestChange> = {
  name: "CloudFront-Viewer-Country can't be added at viewer-request",
  of: "Lambda@Edge",
  at: ["viewer-request"],
  page: pages.cloudFrontHeaders,
  broken: ({ before, after }) => {
    const name = "cloudfront-viewer-country";
    const added = valuesOf(before.headers, name).length === 0 && valuesOf(after.headers, name).length > 0;
    return added ? "The function added CloudFront-Viewer-Country" : undefined;
  },
};
