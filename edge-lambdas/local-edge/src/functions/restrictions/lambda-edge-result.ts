import { pages } from "./pages.ts";
import {
  everyEvent,
  isObject,
  type Restriction,
  type Result,
  requestEvents,
  responseEvents,
  shown,
} from "./restriction.ts";

const of = "Lambda@Edge";

/** A function at a request event answers with a response when what it returns has a status. */
export function isResponse(eventType: Result["eventType"], value: Record<string, unknown>): boolean {
  return responseEvents.includes(eventType) || "status" in value;
}

const headersOf = (value: unknown) => (isObject(value) && value["headers"] !== undefined ? value["headers"] : {});

/** `{name: [{key?: "Name", value: "..."}]}`, the form of headers and of an origin's custom headers. */
export function wrongEntry(object: string, headers: Record<string, unknown>): string | undefined {
  for (const [name, entries] of Object.entries(headers)) {
    if (!Array.isArray(entries)) return `${object}[${shown(name)}] is ${shown(entries)}`;
    const isEntry = (entry: unknown) =>
      isObject(entry) && typeof entry["value"] === "string" && ["string", "undefined"].includes(typeof entry["key"]);
    const wrong = entries.find((entry) => !isEntry(entry));
    if (wrong !== undefined) return `${object}[${shown(name)}] has the entry ${shown(wrong)}`;
  }
  return undefined;
}

/** What must hold so that the result can be read as a request or a response; checked in this order. */
export const lambdaEdgeResultRestrictions: readonly Restriction<Result>[] = [
  {
    name: "A function returns an object",
    of,
    at: everyEvent,
    page: pages.validation,
    broken: ({ value }) => (isObject(value) ? undefined : `The function returned ${shown(value)}`),
  },
  {
    name: "A function at a response event returns a response with its status",
    of,
    at: responseEvents,
    page: pages.lambdaEdgeResponse,
    broken: ({ value }) =>
      isObject(value) && "status" in value ? undefined : `The function returned ${shown(value)}, without a status`,
  },
  {
    name: "A function at a request event returns a request with method and uri, or a response with a status",
    of,
    at: requestEvents,
    page: pages.lambdaEdgeRequest,
    broken: ({ eventType, value }) => {
      if (!isObject(value) || isResponse(eventType, value)) return undefined;
      const missing = ["method", "uri"].find((name) => typeof value[name] !== "string");
      return missing === undefined ? undefined : `The function returned ${shown(value)}, without ${missing}`;
    },
  },
  {
    name: "The status is a string",
    of,
    at: everyEvent,
    page: pages.generatedResponse,
    broken: ({ eventType, value }) => {
      if (!isObject(value) || !isResponse(eventType, value)) return undefined;
      // Numbers pass on CloudFront although its page asks for a string.
      return ["string", "number"].includes(typeof value["status"])
        ? undefined
        : `The status is ${shown(value["status"])}`;
    },
  },
  {
    name: "Status description, body and body encoding are strings",
    of,
    at: everyEvent,
    page: pages.generatedResponse,
    broken: ({ eventType, value }) => {
      if (!isObject(value) || !isResponse(eventType, value)) return undefined;
      const wrong = ["statusDescription", "body", "bodyEncoding"].find(
        (name) => value[name] !== undefined && typeof value[name] !== "string",
      );
      return wrong === undefined ? undefined : `${wrong} is ${shown(value[wrong])}`;
    },
  },
  {
    name: "The query string is a string",
    of,
    at: requestEvents,
    page: pages.lambdaEdgeRequest,
    broken: ({ value }) =>
      isObject(value) && value["querystring"] !== undefined && typeof value["querystring"] !== "string"
        ? `The query string is ${shown(value["querystring"])}`
        : undefined,
  },
  {
    name: "A request body is an object",
    of,
    at: requestEvents,
    page: pages.lambdaEdgeRequest,
    broken: ({ eventType, value }) =>
      isObject(value) && !isResponse(eventType, value) && value["body"] !== undefined && !isObject(value["body"])
        ? `body is ${shown(value["body"])}`
        : undefined,
  },
  {
    name: "Headers are an object",
    of,
    at: everyEvent,
    page: pages.lambdaEdgeRequest,
    broken: ({ value }) => (isObject(headersOf(value)) ? undefined : `headers is ${shown(headersOf(value))}`),
  },
  {
    name: "Each header is an array of entries with a value, and a key if wanted, that are strings",
    of,
    at: everyEvent,
    page: pages.lambdaEdgeRequest,
    broken: ({ value }) => wrongEntry("headers", headersOf(value) as Record<string, unknown>),
  },
];
