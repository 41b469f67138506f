import type { CloudFrontRequest, CloudFrontResponse, CloudFrontResultResponse } from "aws-lambda";
import { type EdgeFunction, edgeFunction } from "./edge-function.ts";

/** The four places at which CloudFront calls a function. CloudFront Functions know the two of the viewer only. */
export type EventType = "viewer-request" | "origin-request" | "origin-response" | "viewer-response";

export interface FunctionDefinition {
  name: string;
  runtime: "cloudfront-js-2.0" | `nodejs${string}`;
  /** Megabytes; 128 unless told. Lambda@Edge only. */
  memory?: number;
  /** Seconds; 5 on viewer events and 30 on origin events at most. Lambda@Edge only. */
  timeout?: number;
  /** The bundle's folder, with index.js in it. */
  directory: string;
  /** What the function reads as `config.json` beside its index.js. */
  config?: object;
}

export type Outcome =
  /** Go on with this request. */
  | { kind: "request"; request: CloudFrontRequest }
  /** A generated response, or the response of an origin-response or viewer-response event; its body stays as it was when `body` is undefined. */
  | { kind: "response"; response: CloudFrontResultResponse; body: Buffer | undefined }
  /** What CloudFront would answer the viewer, and why: the reason names the restriction and links AWS's page. */
  | { kind: "failure"; status: 502 | 503; reason: string };

export interface Run {
  outcome: Outcome;
  millis: number;
  logs: string[];
}

/** What the event's `config` object says about the request. */
export interface EventContext {
  distributionId: string;
  distributionDomainName: string;
  requestId: string;
}

export interface EdgeFunctionsOptions {
  /** Execution environments of one Lambda@Edge function at a time; 4 unless told. Requests beyond them wait. */
  concurrency?: number;
}

export interface EdgeFunctions {
  run(
    name: string,
    eventType: EventType,
    context: EventContext,
    request: CloudFrontRequest,
    response?: CloudFrontResponse,
  ): Promise<Run>;
  close(): Promise<void>;
}

/** Runs built bundles as CloudFront and Lambda would, with every documented restriction on what goes in and comes out. */
export function edgeFunctions(definitions: FunctionDefinition[], options: EdgeFunctionsOptions = {}): EdgeFunctions {
  const functions = new Map<string, EdgeFunction>(
    definitions.map((definition) => [definition.name, edgeFunction(definition, options)]),
  );
  return {
    async run(name, eventType, context, request, response) {
      const target = functions.get(name);
      if (target === undefined) throw new Error(`There is no function ${name}`);
      const start = performance.now();
      const { outcome, logs } = await target.run(eventType, context, request, response);
      return { outcome, logs: logs.map((line) => tagged(line, context)), millis: performance.now() - start };
    },
    async close() {
      await Promise.all([...functions.values()].map((target) => target.close()));
    },
  };
}

/** Lines that are not JSON get the request's id in front, as in CloudWatch Logs. */
function tagged(line: string, { requestId }: EventContext): string {
  return line.startsWith("{") ? line : `${requestId} ${line}`;
}
