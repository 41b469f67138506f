import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CloudFrontHeaders, CloudFrontRequest, CloudFrontResponse } from "aws-lambda";
import { afterAll } from "vitest";
import {
  type EdgeFunctions,
  type EdgeFunctionsOptions,
  type EventType,
  edgeFunctions,
  type FunctionDefinition,
  type Outcome,
  type Run,
} from "../../src/functions/index.ts";

export const context = {
  distributionId: "EDESKWEB",
  distributionDomainName: "d111111abcdef8.cloudfront.net",
  requestId: "4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ==",
};

export function headers(values: Record<string, string>): CloudFrontHeaders {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name.toLowerCase(), [{ key: name, value }]]),
  );
}

export function request(change: Partial<CloudFrontRequest> = {}): CloudFrontRequest {
  return {
    clientIp: "203.0.113.178",
    method: "GET",
    uri: "/campaigns/spring",
    querystring: "",
    headers: headers({ Host: "localhost", "User-Agent": "curl/8.7.1", Via: "2.0 desk (CloudFront)" }),
    ...change,
  };
}

export function response(change: Partial<CloudFrontResponse> = {}): CloudFrontResponse {
  return {
    status: "200",
    statusDescription: "OK",
    headers: headers({ "Content-Type": "text/html", "Content-Length": "9593", Via: "1.1 origin" }),
    ...change,
  };
}

const open: EdgeFunctions[] = [];
const folders: string[] = [];
afterAll(async () => {
  await Promise.all(open.map((functions) => functions.close()));
  for (const path of folders) rmSync(path, { recursive: true, force: true });
});

/** A folder for a bundle, removed after the tests. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "local-edge-test-"));
  folders.push(path);
  return path;
}

export interface Bundle extends Partial<FunctionDefinition> {
  /** The text of index.js. */
  code: string;
}

/** Writes bundles to disk and runs them as local-edge does. */
export function deployed(bundles: Record<string, Bundle>, options: EdgeFunctionsOptions = {}): EdgeFunctions {
  const definitions = Object.entries(bundles).map(([name, { code, ...definition }]): FunctionDefinition => {
    const directory = folder();
    writeFileSync(join(directory, "index.js"), code);
    return { name, runtime: "nodejs24.x", directory, ...definition };
  });
  const functions = edgeFunctions(definitions, options);
  open.push(functions);
  return functions;
}

/** What an event of that type has as its response. */
export function responseAt(at: EventType, given = response()): CloudFrontResponse | undefined {
  return at.endsWith("response") ? given : undefined;
}

export interface Attempt {
  at: EventType;
  /** The body of a Lambda@Edge handler, which knows `request` and `response`. */
  lambda?: string;
  /** The body of a CloudFront Function's handler, which knows the same. */
  cloudFront?: string;
  request?: CloudFrontRequest;
  response?: CloudFrontResponse;
  definition?: Partial<FunctionDefinition>;
}

export async function attempt({ at, lambda, cloudFront, definition, ...given }: Attempt): Promise<Run> {
  const bundle: Bundle =
    lambda === undefined
      ? {
          code: `function handler(event) { const request = event.request; const response = event.response; ${cloudFront} }`,
          runtime: "cloudfront-js-2.0",
        }
      : {
          code: `exports.handler = async (event) => { const { request, response } = event.Records[0].cf; ${lambda} };`,
        };
  const functions = deployed({ tried: { ...bundle, ...definition } });
  try {
    return await functions.run("tried", at, context, given.request ?? request(), responseAt(at, given.response));
  } finally {
    await functions.close();
  }
}

export function reason(outcome: Outcome): string {
  if (outcome.kind !== "failure") throw new Error(`expected a failure, got ${JSON.stringify(outcome).slice(0, 500)}`);
  return `${outcome.status} ${outcome.reason}`;
}

export function passed(outcome: Outcome): Exclude<Outcome, { kind: "failure" }> {
  if (outcome.kind === "failure") throw new Error(outcome.reason);
  return outcome;
}
