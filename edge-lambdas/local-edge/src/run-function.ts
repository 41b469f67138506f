import type { CloudFrontRequest, CloudFrontResponse } from "aws-lambda";
import type { EventType } from "./configuration/model.ts";
import type { EdgeFunctions, Outcome } from "./functions/index.ts";
import { type Answer, failed, type Visit } from "./visit.ts";

export interface FunctionRunner {
  isCloudFrontFunction(name: string): boolean;
  /** Runs the behavior's function for an event; undefined when there is none. */
  run(
    visit: Visit,
    event: EventType,
    request: () => CloudFrontRequest,
    response?: () => CloudFrontResponse,
  ): Promise<Outcome | undefined>;
  /** What a viewer gets when the function of an event failed. */
  failure(visit: Visit, event: EventType, outcome: Outcome & { kind: "failure" }): Answer;
}

export function functionRunner(functions: EdgeFunctions, runtimes: Record<string, string>): FunctionRunner {
  const isCloudFrontFunction = (name: string) => runtimes[name] === "cloudfront-js-2.0";
  return {
    isCloudFrontFunction,
    async run({ x, distribution, behavior }, event, request, response) {
      const name = behavior.functions[event];
      if (name === undefined) {
        return undefined;
      }
      const context = {
        distributionId: distribution.id,
        distributionDomainName: distribution.domainName,
        requestId: x.requestId,
      };
      const { outcome, millis, logs } = await functions.run(name, event, context, request(), response?.());
      x.events.push({ event, name, millis, outcome: told(outcome), logs });
      return outcome;
    },
    failure({ x, behavior }, event, { status, reason }) {
      const kind = isCloudFrontFunction(behavior.functions[event] ?? "") ? "Function" : "Lambda";
      const what = status === 502 ? "ValidationError" : "ExecutionError";
      return { ...failed(x, status, reason), result: `${kind}${what}` };
    },
  };
}

function told(outcome: Outcome): string {
  switch (outcome.kind) {
    case "request":
      return "request";
    case "response":
      return `response ${outcome.response.status}`;
    case "failure":
      return `failure ${outcome.status}: ${outcome.reason}`;
  }
}
