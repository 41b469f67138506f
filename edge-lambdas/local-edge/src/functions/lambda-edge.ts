import { type Deployment, deploy } from "./deployment.ts";
import { type Environment, type InvocationRun, startEnvironment, timeoutOf } from "./environment.ts";
import type { FunctionDefinition } from "./index.ts";
import { pages } from "./restrictions/pages.ts";

export interface LambdaEdgeFunction {
  /** `event` is JSON. */
  invoke(event: string, requestId: string, traceId: string | undefined): Promise<InvocationRun>;
  close(): Promise<void>;
}

/**
 * A function as Lambda runs it: one event at a time in each execution environment, environments as they are needed, at
 * most `concurrency` of them. What comes on top waits, and fails when its time is over.
 */
export function lambdaEdgeFunction(definition: FunctionDefinition, concurrency: number): LambdaEdgeFunction {
  const timeout = timeoutOf(definition);
  const idle: Environment[] = [];
  const waiting = new Set<(place: boolean) => void>();
  const open = new Set<Environment>();
  let deployment: Promise<Deployment> | undefined;
  let busy = 0;

  async function place(): Promise<boolean> {
    if (busy < concurrency) {
      busy++;
      return true;
    }
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle(false), timeout);
      const settle = (given: boolean) => {
        clearTimeout(timer);
        waiting.delete(settle);
        resolve(given);
      };
      waiting.add(settle);
    });
  }

  function leave(): void {
    const [next] = waiting;
    if (next === undefined) busy--;
    else next(true);
  }

  async function environment(): Promise<Environment> {
    for (let kept = idle.pop(); kept !== undefined; kept = idle.pop()) if (kept.alive()) return kept;
    deployment ??= deploy(definition);
    const fresh = startEnvironment(definition, (await deployment).directory);
    open.add(fresh);
    return fresh;
  }

  return {
    async invoke(event, requestId, traceId) {
      if (!(await place())) {
        const error = `LambdaLimitExceeded: ${concurrency} executions were busy for ${timeout / 1000} s. Concurrent executions: ${pages.lambdaEdgeQuotas}`;
        return { result: { error }, logs: [] };
      }
      try {
        const chosen = await environment();
        const run = await chosen.invoke(event, { requestId, traceId });
        if (chosen.alive()) idle.push(chosen);
        else open.delete(chosen);
        return run;
      } catch (error) {
        deployment = undefined;
        const what = error instanceof Error ? error.message : error;
        return { result: { error: `the bundle can't be read: ${what}` }, logs: [] };
      } finally {
        leave();
      }
    },
    async close() {
      for (const settle of waiting) settle(false);
      await Promise.all([...open].map((one) => one.close()));
      await (await deployment?.catch(() => undefined))?.remove();
    },
  };
}
