import { pages } from "./pages.ts";
import { isObject, type Restriction, type Result, shown, viewerEvents } from "./restriction.ts";

const of = "CloudFront Functions";
const at = viewerEvents;

export function isResponse(eventType: Result["eventType"], value: Record<string, unknown>): boolean {
  return eventType === "viewer-response" || "statusCode" in value;
}

/** `{name: {value: "...", multiValue?: [{value: "..."}]}}`, the form of headers, cookies and query strings. */
function wrongMember(object: string, value: unknown): string | undefined {
  const members = isObject(value) ? value[object] : undefined;
  if (members === undefined) return undefined;
  if (!isObject(members)) return `${object} is ${shown(members)}`;
  const hasValue = (member: unknown) =>
    isObject(member) &&
    typeof member["value"] === "string" &&
    ["string", "undefined"].includes(typeof member["attributes"]);
  for (const [name, member] of Object.entries(members)) {
    const many = isObject(member) ? (member["multiValue"] ?? []) : [];
    // With multiValue the value is ignored, so only multiValue has to be right.
    const right = Array.isArray(many) && (many.length > 0 ? many.every(hasValue) : hasValue(member));
    if (!right) return `${object}[${shown(name)}] is ${shown(member)}`;
  }
  return undefined;
}

/** What must hold so that the result can be read as a request or a response; checked in this order. */
export const cloudFrontFunctionResultRestrictions: readonly Restriction<Result>[] = [
  {
    name: "A function returns the request or the response",
    of,
    at,
    page: pages.functionRequest,
    broken: ({ value }) => (isObject(value) ? undefined : `The function returned ${shown(value)}`),
  },
  {
    name: "A function at viewer-response returns a response with its statusCode",
    of,
    at: ["viewer-response"],
    page: pages.functionResponse,
    broken: ({ value }) =>
      isObject(value) && "statusCode" in value ? undefined : `The function returned ${shown(value)}`,
  },
  {
    name: "A function at viewer-request returns a request with method and uri, or a response with a statusCode",
    of,
    at: ["viewer-request"],
    page: pages.functionRequest,
    broken: ({ eventType, value }) => {
      if (!isObject(value) || isResponse(eventType, value)) return undefined;
      const missing = ["method", "uri"].find((name) => typeof value[name] !== "string");
      return missing === undefined ? undefined : `The function returned ${shown(value)}, without ${missing}`;
    },
  },
  {
    name: "The statusCode is an integer",
    of,
    at,
    page: pages.functionResponse,
    broken: ({ eventType, value }) =>
      !isObject(value) || !isResponse(eventType, value) || Number.isInteger(value["statusCode"])
        ? undefined
        : `The statusCode is ${shown(value["statusCode"])}`,
  },
  {
    name: "The statusDescription is a string",
    of,
    at,
    page: pages.functionResponse,
    broken: ({ value }) =>
      isObject(value) && !["string", "undefined"].includes(typeof value["statusDescription"])
        ? `The statusDescription is ${shown(value["statusDescription"])}`
        : undefined,
  },
  {
    name: "Headers are objects with a value or a multiValue of strings",
    of,
    at,
    page: pages.functionMembers,
    broken: ({ value }) => wrongMember("headers", value),
  },
  {
    name: "Header names are in lower case",
    of,
    at,
    page: pages.functionMembers,
    broken: ({ value }) => {
      const headers = isObject(value) && isObject(value["headers"]) ? value["headers"] : {};
      const name = Object.keys(headers).find((candidate) => candidate !== candidate.toLowerCase());
      return name === undefined ? undefined : `headers has ${shown(name)}`;
    },
  },
  {
    name: "Cookies are objects with a value or a multiValue of strings",
    of,
    at,
    page: pages.functionMembers,
    broken: ({ value }) => wrongMember("cookies", value),
  },
  {
    name: "Query string parameters are objects with a value or a multiValue of strings",
    of,
    at: ["viewer-request"],
    page: pages.functionMembers,
    broken: ({ value }) => wrongMember("querystring", value),
  },
  {
    name: "A body is a string or an object with encoding and data",
    of,
    at,
    page: pages.functionResponse,
    broken: ({ eventType, value }) => {
      if (!isObject(value) || !isResponse(eventType, value)) return undefined;
      const body = value["body"];
      if (body === undefined || typeof body === "string") return undefined;
      const right = isObject(body) && typeof body["data"] === "string" && typeof body["encoding"] === "string";
      return right ? undefined : `The body is ${shown(body)}`;
    },
  },
];
