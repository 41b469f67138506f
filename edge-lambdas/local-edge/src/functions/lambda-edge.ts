import { extname } from "node:path";
import { MessageChannel, Worker } from "node:worker_threads";
import { type Deployment, deploy } from "./deployment.ts";
import type { EnvironmentData, Invocation, Message } from "./execution-environment.ts";
import type { FunctionDefinition } from "./index.ts";
import { pages } from "./restrictions/pages.ts";

export const limits = {
  /** Seconds, at every event. AWS's page said 5 at viewer events until 2025. */
  timeout: 30,
  /** Seconds, Lambda's own default. */
  defaultTimeout: 3,
  /** Megabytes. */
  defaultMemory: 128,
  /** Milliseconds that loading the bundle may take. */
  init: 10_000,
  /** Bytes of log lines kept of one run, so that a function that floods its output does not fill local-edge's memory. */
  log: 256 * 1024,
};

export type InvocationResult = { json: string | undefined } | { error: string };

export interface InvocationRun {
  result: InvocationResult;
  logs: string[];
}

export interface LambdaEdgeFunction {
  invoke(event: string, requestId: string, traceId: string | undefined): Promise<InvocationRun>;
  close(): Promise<void>;
}

interface Environment {
  invoke(invocation: Invocation): Promise<InvocationRun>;
  /** Whether it can take another event. */
  alive(): boolean;
  close(): Promise<void>;
}

/**
 * A function as Lambda runs it: one event at a time in each execution environment, environments as they are needed, at
 * most `concurrency` of them. What comes on top waits, and fails when its time is over.
 */
export function lambdaEdgeFunction(definition: FunctionDefinition, concurrency: number): LambdaEdgeFunction {
  const timeout = Math.min(definition.timeout ?? limits.defaultTimeout, limits.timeout) * 1000;
  const idle: Environment[] = [];
  const waiting = new Set<(place: boolean) => void>();
  const started = new Set<Environment>();
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

  async function start(): Promise<Environment | { error: string; logs: string[] }> {
    deployment ??= deploy(definition);
    const environment = await startEnvironment(definition, (await deployment).directory);
    if (!("error" in environment)) started.add(environment);
    return environment;
  }

  return {
    async invoke(event, requestId, traceId) {
      if (!(await place())) {
        const error = `LambdaLimitExceeded: ${concurrency} executions were busy for ${timeout / 1000} s. Concurrent executions: ${pages.lambdaEdgeQuotas}`;
        return { result: { error }, logs: [] };
      }
      try {
        const environment = idle.pop() ?? (await start());
        if ("error" in environment) return { result: { error: environment.error }, logs: environment.logs };
        const run = await environment.invoke({ event, requestId, traceId, deadline: Date.now() + timeout });
        if (environment.alive()) idle.push(environment);
        else started.delete(environment);
        return run;
      } finally {
        leave();
      }
    },
    async close() {
      for (const settle of waiting) settle(false);
      await Promise.all([...started].map((environment) => environment.close()));
      await (await deployment?.catch(() => undefined))?.remove();
    },
  };
}

/** Only the variables that Lambda itself sets; Lambda@Edge knows no others. */
function environmentVariables({ name, runtime, memory }: FunctionDefinition, directory: string): NodeJS.ProcessEnv {
  const region = process.env["AWS_REGION"] ?? "us-east-1";
  const credentials = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"].flatMap((variable) => {
    const value = process.env[variable];
    return value === undefined ? [] : [[variable, value]];
  });
  // The replicas of a function carry the region that they were copied from in their name.
  const replica = `us-east-1.${name}`;
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: replica,
    AWS_LAMBDA_FUNCTION_VERSION: "1",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memory ?? limits.defaultMemory),
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${replica}`,
    AWS_LAMBDA_LOG_STREAM_NAME: "local-edge",
    LAMBDA_TASK_ROOT: directory,
    LAMBDA_RUNTIME_DIR: "/var/runtime",
    _HANDLER: "index.handler",
    LANG: "en_US.UTF-8",
    PATH: "/usr/local/bin:/usr/bin:/bin",
    ...Object.fromEntries(credentials),
  };
}

const outOfMemory = (memory: number) =>
  `Runtime.OutOfMemory: the function needed more than its ${memory} MB. Function memory size: ${pages.lambdaEdgeQuotas}`;

function startEnvironment(
  definition: FunctionDefinition,
  directory: string,
): Promise<Environment | { error: string; logs: string[] }> {
  const memory = definition.memory ?? limits.defaultMemory;
  const { port1: events, port2: port } = new MessageChannel();
  const signal = new Int32Array(new SharedArrayBuffer(4));
  const nodeVersion = Number.parseInt(definition.runtime.slice("nodejs".length), 10);
  const data: EnvironmentData = { directory, name: definition.name, memory, nodeVersion, port, signal };
  const worker = new Worker(new URL(`./execution-environment${extname(import.meta.url)}`, import.meta.url), {
    name: definition.name,
    workerData: data,
    transferList: [port],
    env: environmentVariables(definition, directory),
    resourceLimits: { maxOldGenerationSizeMb: memory },
    execArgv: [],
    stdout: true,
    stderr: true,
  });
  worker.unref();
  events.unref();

  let alive = true;
  let logs = logLines();
  /** Of the initialization at first, then of the event that runs. */
  let answer: (result: InvocationResult | "ready") => void = () => {};

  async function stop(): Promise<void> {
    alive = false;
    events.close();
    await worker.terminate();
  }
  function fail(error: string): void {
    void stop();
    answer({ error });
  }

  worker.on("message", (message: Message) => {
    if (message.type === "log") logs.add(message.text);
    else if (message.type === "ready") answer("ready");
    else if (message.type === "answer") answer({ json: message.result });
    else if (message.type === "error") answer({ error: message.error });
    else if (message.type === "out of memory") fail(outOfMemory(memory));
    else fail(`The function failed to load: ${message.error}`);
  });
  worker.on("error", (error) => {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
    fail(code === "ERR_WORKER_OUT_OF_MEMORY" ? outOfMemory(memory) : `Runtime.UnhandledError: ${trace}`);
  });
  worker.on("exit", (code) => fail(`Runtime.ExitError: the function ended its process with ${code}`));

  /** The next answer, or the error when there is none in time. */
  function next(milliseconds: number, late: string): Promise<InvocationResult | "ready"> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => fail(late), milliseconds);
      answer = (result) => {
        clearTimeout(timer);
        answer = () => {};
        resolve(result);
      };
    });
  }

  const environment: Environment = {
    async invoke(invocation) {
      logs = logLines();
      const timeout = invocation.deadline - Date.now();
      const late = `LambdaLimitExceeded: task timed out after ${(timeout / 1000).toFixed(2)} seconds. Function timeout: ${pages.lambdaEdgeQuotas}`;
      const answered = next(timeout, late);
      events.postMessage(invocation);
      Atomics.add(signal, 0, 1);
      Atomics.notify(signal, 0);
      const result = await answered;
      return { result: result === "ready" ? { error: "answered out of turn" } : result, logs: logs.all() };
    },
    alive: () => alive,
    close: stop,
  };
  return next(limits.init, `The function took more than ${limits.init / 1000} s to load`).then((result) => {
    if (result === "ready") return environment;
    return { error: "error" in result ? result.error : "answered out of turn", logs: logs.all() };
  });
}

function logLines(): { add(text: string): void; all(): string[] } {
  let text = "";
  let cut = false;
  return {
    add(more) {
      cut ||= text.length + more.length > limits.log;
      text += more.slice(0, limits.log - text.length);
    },
    all() {
      const lines = text.split("\n").filter((line) => line !== "");
      return cut ? [...lines, `[local-edge keeps ${limits.log / 1024} KB of a run's log]`] : lines;
    },
  };
}
