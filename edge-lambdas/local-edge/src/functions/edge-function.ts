import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { CloudFrontRequest, CloudFrontResponse, CloudFrontResultResponse } from "aws-lambda";
import {
  type FunctionRequest,
  type FunctionResponse,
  fromFunctionRequest,
  fromFunctionResponse,
  toFunctionEvent,
} from "./cloudfront-event.ts";
import { type CloudFrontFunction, cloudFrontFunction } from "./cloudfront-function.ts";
import { limits } from "./environment.ts";
import { normalized, split } from "./headers.ts";
import type { EdgeFunctionsOptions, EventContext, EventType, FunctionDefinition, Outcome } from "./index.ts";
import { lambdaEdgeFunction } from "./lambda-edge.ts";
import { isResponse as isFunctionResponse } from "./restrictions/cloudfront-function-result.ts";
import { checkRequest, checkResponse, checkResult, type FunctionKind, isDisallowed } from "./restrictions/index.ts";
import { isResponse as isLambdaResponse } from "./restrictions/lambda-edge-result.ts";
import { pages } from "./restrictions/pages.ts";
import { responseEvents, viewerEvents } from "./restrictions/restriction.ts";

export interface EdgeFunction {
  run(
    eventType: EventType,
    context: EventContext,
    request: CloudFrontRequest,
    response: CloudFrontResponse | undefined,
  ): Promise<{ outcome: Outcome; logs: string[] }>;
  close(): Promise<void>;
}

/** What a function was given: without the headers that functions do not see. */
interface Given {
  kind: FunctionKind;
  eventType: EventType;
  request: CloudFrontRequest;
  response: CloudFrontResponse | undefined;
}

type Answer = { value: unknown } | { error: string };

const defaultConcurrency = 4;

export function edgeFunction(definition: FunctionDefinition, { concurrency }: EdgeFunctionsOptions): EdgeFunction {
  return definition.runtime === "cloudfront-js-2.0"
    ? ofCloudFront(definition)
    : ofLambda(definition, concurrency ?? defaultConcurrency);
}

function ofLambda(definition: FunctionDefinition, concurrency: number): EdgeFunction {
  checkDefinition(definition);
  const lambda = lambdaEdgeFunction(definition, concurrency);
  return {
    run: (eventType, context, request, response) =>
      between({ kind: "Lambda@Edge", eventType, request, response }, definition.name, async (given) => {
        const { distributionDomainName, distributionId, requestId } = context;
        const config = { distributionDomainName, distributionId, eventType, requestId };
        const cf = { config, request: given.request, ...(given.response && { response: given.response }) };
        const traceId = request.headers["x-amzn-trace-id"]?.[0]?.value;
        const { result, logs } = await lambda.invoke(JSON.stringify({ Records: [{ cf }] }), requestId, traceId);
        return { answer: "error" in result ? result : { value: parsed(result.json) }, logs };
      }),
    close: () => lambda.close(),
  };
}

function ofCloudFront({ name, directory }: FunctionDefinition): EdgeFunction {
  // Loaded at once, so that no request waits for the engine.
  const loaded: Promise<CloudFrontFunction | { error: string }> = readFile(join(directory, "index.js"), "utf8").then(
    (script) => cloudFrontFunction(name, script),
    (error: unknown) => ({ error: `the script can't be read: ${error instanceof Error ? error.message : error}` }),
  );
  return {
    run: (eventType, context, request, response) =>
      between({ kind: "CloudFront Functions", eventType, request, response }, name, async (given) => {
        if (!viewerEvents.includes(eventType)) {
          const error = `CloudFront Functions run at viewer events only: ${pages.combining}`;
          return { answer: { error }, logs: [] };
        }
        const script = await loaded;
        if ("error" in script) return { answer: script, logs: [] };
        const { result, logs } = await script.run(toFunctionEvent(eventType, context, given.request, given.response));
        return { answer: result, logs };
      }),
    close: async () => {},
  };
}

/** Hides what functions do not see, and puts it back into what they return. */
async function between(
  { kind, eventType, request, response }: Given,
  name: string,
  run: (given: Given) => Promise<{ answer: Answer; logs: string[] }>,
): Promise<{ outcome: Outcome; logs: string[] }> {
  const ofRequest = split(request.headers, isDisallowed);
  const ofResponse = split(response?.headers ?? {}, isDisallowed);
  const given: Given = {
    kind,
    eventType,
    request: { ...request, headers: ofRequest.seen },
    response: response && {
      status: response.status,
      statusDescription: response.statusDescription,
      headers: ofResponse.seen,
    },
  };
  const { answer, logs } = await run(given);
  const outcome = judge(given, name, answer);
  if (outcome.kind === "request") Object.assign(outcome.request.headers, ofRequest.unseen);
  if (outcome.kind === "response" && response !== undefined) {
    outcome.response.headers = { ...outcome.response.headers, ...ofResponse.unseen };
  }
  return { outcome, logs };
}

function judge(given: Given, name: string, answer: Answer): Outcome {
  const { kind, eventType } = given;
  const type = kind === "Lambda@Edge" ? "Lambda" : "Function";
  const at = `${name} at ${eventType}`;
  if ("error" in answer) {
    const limit = "LambdaLimitExceeded: ";
    const reason = answer.error.startsWith(limit)
      ? `${limit}${at}: ${answer.error.slice(limit.length)}`
      : `${type}ExecutionError: ${at}: ${answer.error}`;
    return { kind: "failure", status: 503, reason };
  }
  const { value } = answer;
  const invalid = (broken: string): Outcome => ({
    kind: "failure",
    status: 502,
    reason: `${type}ValidationError: ${at}: ${broken}`,
  });
  const malformed = checkResult({ kind, eventType, value });
  if (malformed !== undefined) return invalid(malformed);

  const result = kind === "Lambda@Edge" ? fromLambda(given, value) : fromCloudFrontFunction(given, value);
  if (result.kind === "request") {
    const broken = checkRequest({ kind, eventType, before: given.request, after: result.request });
    if (broken !== undefined) return invalid(broken);
    return result;
  }
  const broken = checkResponse({ kind, eventType, before: given.response, after: result.response });
  if (broken !== undefined) return invalid(broken);
  return { ...result, body: bodyOf(eventType, result.response) };
}

type Returned =
  | { kind: "request"; request: CloudFrontRequest }
  | { kind: "response"; response: CloudFrontResultResponse };

/** Reads what a Lambda@Edge function returned, once its form has been checked; fields that CloudFront does not know are dropped. */
function fromLambda({ eventType, request }: Given, value: unknown): Returned {
  if (isLambdaResponse(eventType, value as Record<string, unknown>)) {
    const { status, statusDescription, headers, body, bodyEncoding } = value as CloudFrontResultResponse;
    return {
      kind: "response",
      response: {
        status: String(status),
        ...(statusDescription !== undefined && { statusDescription }),
        headers: normalized(headers),
        ...(body !== undefined && { body }),
        ...(bodyEncoding !== undefined && { bodyEncoding }),
      },
    };
  }
  const after = value as Partial<CloudFrontRequest> & Pick<CloudFrontRequest, "method" | "uri">;
  // What a function does to a body that it only reads is ignored.
  const body = after.body?.action === "read-only" ? request.body : after.body;
  return {
    kind: "request",
    request: {
      clientIp: after.clientIp ?? request.clientIp,
      method: after.method,
      uri: after.uri,
      querystring: after.querystring ?? "",
      headers: normalized(after.headers),
      ...(after.origin !== undefined && { origin: after.origin }),
      ...(body !== undefined && { body }),
    },
  };
}

function fromCloudFrontFunction({ eventType, request, response }: Given, value: unknown): Returned {
  if (isFunctionResponse(eventType, value as Record<string, unknown>)) {
    return { kind: "response", response: fromFunctionResponse(value as FunctionResponse, response) };
  }
  return { kind: "request", request: fromFunctionRequest(value as FunctionRequest, request) };
}

function bodyOf(eventType: EventType, { body, bodyEncoding }: CloudFrontResultResponse): Buffer | undefined {
  if (body === undefined) return responseEvents.includes(eventType) ? undefined : Buffer.alloc(0);
  return Buffer.from(body, bodyEncoding === "base64" ? "base64" : "utf8");
}

function parsed(json: string | undefined): unknown {
  return json === undefined ? undefined : JSON.parse(json);
}

/** What Lambda itself would refuse when the function is created. */
function checkDefinition({ name, runtime, memory, timeout }: FunctionDefinition): void {
  const whole = (value: number, least: number, most: number) =>
    Number.isInteger(value) && value >= least && value <= most;
  if (!/^nodejs\d+\.x$/.test(runtime)) throw new Error(`${name}: runtime ${runtime} is not nodejs<version>.x`);
  if (memory !== undefined && !whole(memory, 128, 10_240)) {
    throw new Error(`${name}: memory ${memory} is not between 128 and 10240 MB: ${pages.lambdaEdgeQuotas}`);
  }
  if (timeout !== undefined && !whole(timeout, 1, limits.timeout)) {
    throw new Error(`${name}: timeout ${timeout} is not between 1 and ${limits.timeout} s: ${pages.lambdaEdgeQuotas}`);
  }
}
