import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { extname } from "node:path";
import type { Duplex, Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Invocation, MessageKind } from "./execution-environment.ts";
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
  /** Characters of log lines kept of one run, so that a function that floods its output does not fill local-edge's memory. */
  log: 256 * 1024,
};

const program = new URL(`./execution-environment${extname(import.meta.url)}`, import.meta.url);
const streams: StdioOptions = ["ignore", "pipe", "pipe", "pipe"];
const memoryCheckInterval = 100; // ms

// Those that wait end with local-edge by themselves; one that loops would not.
const processes = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of processes) child.kill("SIGKILL");
});

export type InvocationResult = { json: string | undefined } | { error: string };

export interface InvocationRun {
  result: InvocationResult;
  logs: string[];
}

export interface Environment {
  /** `event` is JSON. */
  invoke(event: string, invocation: Pick<Invocation, "requestId" | "traceId">): Promise<InvocationRun>;
  /** Whether it can take another event. */
  alive(): boolean;
  close(): Promise<void>;
}

/** Milliseconds. */
export function timeoutOf({ timeout }: FunctionDefinition): number {
  return Math.min(timeout ?? limits.defaultTimeout, limits.timeout) * 1000;
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
    TZ: ":UTC",
    ...Object.fromEntries(credentials),
  };
}

/** Starts the process of an execution environment, which loads the bundle in `directory`. */
export function startEnvironment(definition: FunctionDefinition, directory: string): Environment {
  const memory = definition.memory ?? limits.defaultMemory;
  const child = spawn(
    process.execPath,
    [`--max-old-space-size=${memory}`, fileURLToPath(program)],
    // Its own process group: an interrupt from the terminal is local-edge's, which lets running requests finish.
    { cwd: directory, env: environmentVariables(definition, directory), stdio: streams, detached: true },
  );
  const [, stdout, stderr, channel] = child.stdio as unknown as [null, Readable, Readable, Duplex];

  let alive = true;
  let logs = logLines();
  let lastWords = "";
  /** Of the initialization at first, then of the event that runs. */
  let answer: (result: InvocationResult) => void = () => {};
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));

  async function stop(): Promise<void> {
    alive = false;
    child.ref();
    child.kill("SIGKILL");
    await ended;
  }
  function fail(error: string): void {
    void stop();
    answer({ error });
  }

  const handlers: Record<MessageKind, (json: string) => void> = {
    ready: () => answer({ json: undefined }),
    log: (json) => logs.add(JSON.parse(json) as string),
    answer: (json) => answer({ json: json === "" ? undefined : json }),
    error: (json) => answer({ error: JSON.parse(json) as string }),
    fatal: (json) => fail(JSON.parse(json) as string),
  };
  function receive(line: string): void {
    const space = line.indexOf(" ");
    try {
      handlers[line.slice(0, space) as MessageKind](line.slice(space + 1));
    } catch {
      fail("Runtime.ProtocolError: the function wrote to file descriptor 3, which is the runtime's");
    }
  }
  let line = "";
  channel.setEncoding("utf8").on("data", (text: string) => {
    const [first = "", ...more] = text.split("\n");
    line += first;
    for (const next of more) {
      receive(line);
      line = next;
    }
  });
  // What native code writes does not come through process.stdout.
  stdout.setEncoding("utf8").on("data", (text: string) => logs.add(text));
  stderr.setEncoding("utf8").on("data", (text: string) => {
    lastWords = (lastWords + text).slice(-10_000);
  });
  channel.on("error", () => {}); // "close" tells more.
  child.on("error", (error) => fail(error.message));
  child.on("close", (code, signal) => {
    processes.delete(child);
    if (lastWords.includes("heap out of memory")) fail(outOfMemory(memory));
    else fail(`Runtime.ExitError: the function ended its process with ${signal ?? code}`);
  });
  processes.add(child);
  for (const stream of [child, stdout, stderr, channel]) (stream as unknown as { unref(): void }).unref();

  /** The next answer, or the error when there is none in time. */
  function next(milliseconds: number, late: string): Promise<InvocationResult> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => fail(late), milliseconds);
      const watch = setInterval(() => {
        if (memoryOf(child.pid) > memory * 1024 * 1024) fail(outOfMemory(memory));
      }, memoryCheckInterval);
      answer = (result) => {
        clearTimeout(timer);
        clearInterval(watch);
        answer = () => {};
        resolve(result);
      };
    });
  }

  const loaded = next(limits.init, `more than ${limits.init / 1000} s`);
  return {
    async invoke(event, invocation) {
      const initialization = await loaded;
      if ("error" in initialization) {
        return { result: { error: `while it was loaded: ${initialization.error}` }, logs: logs.all() };
      }
      logs = logLines();
      const timeout = timeoutOf(definition);
      const late = `LambdaLimitExceeded: task timed out after ${(timeout / 1000).toFixed(2)} seconds. Function timeout: ${pages.lambdaEdgeQuotas}`;
      const answered = next(timeout, late);
      const about = JSON.stringify({ ...invocation, deadline: Date.now() + timeout });
      channel.write(`${about.slice(0, -1)},"event":${event}}\n`);
      return { result: await answered, logs: logs.all() };
    },
    alive: () => alive,
    close: stop,
  };
}

function outOfMemory(memory: number): string {
  return `Runtime.OutOfMemory: the function needed more than its ${memory} MB. Function memory size: ${pages.lambdaEdgeQuotas}`;
}

/** Bytes that a process has for itself: without the files that are mapped into it, such as Node.js's program. */
function memoryOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0; // Not Linux, or just gone: V8's own limit remains.
  }
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
