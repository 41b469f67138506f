import { sizeOf } from "../headers.ts";
import { pages } from "./pages.ts";
import {
  everyEvent,
  type ResponseChange,
  type Restriction,
  requestEvents,
  responseEvents,
  shown,
} from "./restriction.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const control = /[\u0000-\u0008\u000a-\u001f\u007f]/;

/** Of headers and body as the function returns it: base64 counts as it is written. */
export const generatedResponseLimits = {
  "viewer-request": 40 * 1024,
  "origin-request": 1024 * 1024,
  "origin-response": 1024 * 1024,
  "viewer-response": 40 * 1024,
};

export function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

export const responseRestrictions: readonly Restriction<ResponseChange>[] = [
  {
    name: "The status is between 200 and 599",
    at: everyEvent,
    page: pages.generatedResponse,
    broken: ({ after }) =>
      /^[2-5][0-9][0-9]$/.test(after.status) ? undefined : `The status is ${shown(after.status)}`,
  },
  {
    name: "The status can't be changed at viewer-response",
    of: "Lambda@Edge",
    at: ["viewer-response"],
    page: pages.lambdaEdgeStatus,
    broken: ({ before, after }) =>
      before === undefined || before.status === after.status
        ? undefined
        : `The function changed the status from ${before.status} to ${after.status}`,
  },
  {
    name: "The status description has no control character",
    at: everyEvent,
    page: pages.validation,
    broken: ({ after }) =>
      control.test(after.statusDescription ?? "") ? `It is ${shown(after.statusDescription)}` : undefined,
  },
  {
    name: "The body's encoding is text or base64",
    at: everyEvent,
    page: pages.generatedResponse,
    broken: ({ after }) =>
      [undefined, "text", "base64"].includes(after.bodyEncoding)
        ? undefined
        : `The encoding is ${shown(after.bodyEncoding)}`,
  },
  {
    name: "A base64 body is valid base64",
    at: everyEvent,
    page: pages.generatedResponse,
    broken: ({ after }) =>
      after.bodyEncoding === "base64" && !isBase64(after.body ?? "") ? "The body is not base64" : undefined,
  },
  {
    name: "A 204 generated at viewer-request has no body",
    of: "Lambda@Edge",
    at: ["viewer-request"],
    page: pages.generatedErrors,
    broken: ({ after }) =>
      after.status === "204" && (after.body ?? "") !== "" ? "The status is 204 and there is a body" : undefined,
  },
  {
    name: "A generated response has at most 40 KB at viewer events and 1 MB at origin events",
    of: "Lambda@Edge",
    at: [...requestEvents, ...responseEvents],
    page: pages.lambdaEdgeQuotas,
    broken: ({ eventType, after }) => {
      if (after.body === undefined && responseEvents.includes(eventType)) return undefined;
      const limit = generatedResponseLimits[eventType];
      const size = sizeOf(after.headers) + Buffer.byteLength(after.body ?? "");
      return size > limit ? `The response has ${size} bytes with its headers, ${limit} are allowed` : undefined;
    },
  },
];
