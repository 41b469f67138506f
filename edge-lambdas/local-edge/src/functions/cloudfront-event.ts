import type {
  CloudFrontFunctionsEvent,
  CloudFrontHeaders,
  CloudFrontRequest,
  CloudFrontResponse,
  CloudFrontResultResponse,
} from "aws-lambda";
import { capitalized, valuesOf } from "./headers.ts";
import type { EventContext, EventType } from "./index.ts";

/** A header, cookie or query string parameter in CloudFront Functions' structure. */
interface Member {
  value: string;
  attributes?: string;
  multiValue?: Member[];
}
type Members = Record<string, Member>;

/** What a CloudFront Function may return, once its form has been checked. */
export interface FunctionRequest {
  method: string;
  uri: string;
  querystring?: Members;
  headers?: Members;
  cookies?: Members;
}
export interface FunctionResponse {
  statusCode: number;
  statusDescription?: string;
  headers?: Members;
  cookies?: Members;
  body?: string | { encoding: string; data: string };
}

// Names such as __proto__ come from the viewer: they must be ordinary keys.
const members = (): Members => Object.create(null);

function add(to: Members, name: string, member: Member): void {
  const first = to[name];
  if (first === undefined) {
    to[name] = member;
    return;
  }
  first.multiValue ??= [{ ...first }];
  first.multiValue.push(member);
}

function memberOf(entries: CloudFrontHeaders[string] | undefined): Member | undefined {
  const [first, ...more] = entries ?? [];
  if (first === undefined || more.length === 0) return first && { value: first.value };
  return { value: first.value, multiValue: [first, ...more].map(({ value }) => ({ value })) };
}

function headersOf(headers: CloudFrontHeaders, without: string): Members {
  const result = members();
  for (const [name, entries] of Object.entries(headers)) {
    const member = name === without ? undefined : memberOf(entries);
    if (member !== undefined) result[name] = member;
  }
  return result;
}

function pairs(text: string, separator: string): Members {
  const result = members();
  for (const part of text.split(separator)) {
    const pair = separator === ";" ? part.trim() : part;
    if (pair === "") continue;
    const at = pair.indexOf("=");
    add(result, at < 0 ? pair : pair.slice(0, at), { value: at < 0 ? "" : pair.slice(at + 1) });
  }
  return result;
}

function setCookies(lines: string[]): Members {
  const result = members();
  for (const line of lines) {
    const [pair = "", ...attributes] = line.split(";");
    const at = pair.indexOf("=");
    const member: Member = { value: at < 0 ? "" : pair.slice(at + 1) };
    if (attributes.length > 0) member.attributes = attributes.join(";").trim();
    add(result, at < 0 ? pair : pair.slice(0, at), member);
  }
  return result;
}

/** Lambda@Edge's structure, which the rest of local-edge speaks, as a CloudFront Function gets it. */
export function toFunctionEvent(
  eventType: EventType,
  context: EventContext,
  request: CloudFrontRequest,
  response: CloudFrontResponse | undefined,
): Omit<CloudFrontFunctionsEvent, "response"> & { response?: CloudFrontFunctionsEvent["response"] } {
  return {
    version: "1.0",
    context: {
      distributionDomainName: context.distributionDomainName,
      distributionId: context.distributionId,
      eventType: eventType as "viewer-request" | "viewer-response",
      requestId: context.requestId,
    },
    viewer: { ip: request.clientIp },
    request: {
      method: request.method,
      uri: request.uri,
      querystring: pairs(request.querystring, "&"),
      headers: headersOf(request.headers, "cookie"),
      cookies: pairs(valuesOf(request.headers, "cookie").join(";"), ";"),
    },
    ...(response && {
      response: {
        statusCode: Number(response.status),
        statusDescription: response.statusDescription,
        headers: headersOf(response.headers, "set-cookie"),
        cookies: setCookies(valuesOf(response.headers, "set-cookie")),
      },
    }),
  };
}

/**
 * The values of a member by CloudFront's rule: a changed multiValue counts; otherwise the value counts for the first
 * and the others stay.
 */
function lines(member: Member, before: Member | undefined): Member[] {
  const { multiValue } = member;
  if (multiValue === undefined || multiValue.length === 0) return [member];
  if (JSON.stringify(multiValue) !== JSON.stringify(before?.multiValue)) return multiValue;
  return [{ ...multiValue[0], value: member.value }, ...multiValue.slice(1)];
}

/** Undefined when the function left the members alone, so that what the client sent stays byte for byte. */
function changed(after: Members | undefined, before: Members): [string, Member][] | undefined {
  if (after !== undefined && JSON.stringify(after) === JSON.stringify(before)) return undefined;
  return Object.entries(after ?? {}).flatMap(([name, member]) =>
    lines(member, before[name]).map((line): [string, Member] => [name, line]),
  );
}

function headersFrom(after: Members | undefined, before: CloudFrontHeaders): CloudFrontHeaders {
  const result = Object.entries(after ?? {}).map(([name, member]): [string, CloudFrontHeaders[string]] => {
    const had = before[name];
    const many = member.multiValue !== undefined && member.multiValue.length > 0;
    const values = many ? lines(member, memberOf(had)).map((line) => line.value) : [member.value];
    return [name, values.map((value, at) => ({ key: had?.[at]?.key ?? capitalized(name), value }))];
  });
  return Object.fromEntries(result);
}

export function fromFunctionRequest(after: FunctionRequest, before: CloudFrontRequest): CloudFrontRequest {
  const headers = headersFrom(after.headers, before.headers);
  const cookies = changed(after.cookies, pairs(valuesOf(before.headers, "cookie").join(";"), ";"));
  if (cookies === undefined) {
    if (before.headers["cookie"] !== undefined) headers["cookie"] = before.headers["cookie"];
  } else if (cookies.length > 0) {
    headers["cookie"] = [{ key: "Cookie", value: cookies.map(([name, { value }]) => `${name}=${value}`).join("; ") }];
  }
  const query = changed(after.querystring, pairs(before.querystring, "&"));
  const querystring = query?.map(([name, { value }]) => (value === "" ? name : `${name}=${value}`)).join("&");
  return {
    ...before,
    method: after.method,
    uri: after.uri,
    querystring: querystring ?? before.querystring,
    headers,
  };
}

export function fromFunctionResponse(
  after: FunctionResponse,
  before: CloudFrontResponse | undefined,
): CloudFrontResultResponse {
  const had = before?.headers ?? {};
  const headers = headersFrom(after.headers, had);
  const cookies = changed(after.cookies, setCookies(valuesOf(had, "set-cookie")));
  if (cookies === undefined) {
    if (had["set-cookie"] !== undefined) headers["set-cookie"] = had["set-cookie"];
  } else if (cookies.length > 0) {
    headers["set-cookie"] = cookies.map(([name, { value, attributes }]) => ({
      key: "Set-Cookie",
      value: attributes === undefined ? `${name}=${value}` : `${name}=${value}; ${attributes}`,
    }));
  }
  const { body } = after;
  return {
    status: String(after.statusCode),
    ...(after.statusDescription !== undefined && { statusDescription: after.statusDescription }),
    headers,
    ...(typeof body === "string" && { body, bodyEncoding: "text" as const }),
    ...(typeof body === "object" && { body: body.data, bodyEncoding: body.encoding as "text" | "base64" }),
  };
}
