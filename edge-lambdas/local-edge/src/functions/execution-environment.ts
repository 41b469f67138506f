/**
 * The worker's side of a Lambda execution environment: loads the bundle once, then answers one event after the other.
 * Between two events the thread stands still as Lambda's does: timers, sockets and promises go on when the next event
 * comes, or never.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";

export interface EnvironmentData {
  directory: string;
  name: string;
  memory: number;
  nodeVersion: number;
  port: MessagePort;
  /** Counts the events that were sent. */
  signal: Int32Array;
}

export interface Invocation {
  /** The event as JSON. */
  event: string;
  requestId: string;
  traceId: string | undefined;
  /** When Lambda would stop the function, in milliseconds since 1970. */
  deadline: number;
}

export type Message =
  | { type: "ready" }
  | { type: "init error"; error: string }
  | { type: "log"; text: string }
  /** JSON, or undefined when the handler returned nothing that JSON knows. */
  | { type: "answer"; result: string | undefined }
  | { type: "error"; error: string }
  | { type: "out of memory" };

interface LambdaContext {
  functionName: string;
  functionVersion: string;
  memoryLimitInMB: string;
  awsRequestId: string;
  callbackWaitsForEmptyEventLoop: boolean;
  getRemainingTimeInMillis(): number;
}

type Handler = (
  event: unknown,
  context: LambdaContext,
  callback?: (error: unknown, result?: unknown) => void,
) => unknown;

const memoryCheckInterval = 100; // ms

const environment = workerData as EnvironmentData;
const post = (message: Message) => parentPort?.postMessage(message);

function captureOutput(stream: NodeJS.WriteStream): void {
  stream.write = (chunk: Uint8Array | string, ...rest: unknown[]) => {
    post({ type: "log", text: typeof chunk === "string" ? chunk : Buffer.from(chunk).toString() });
    const callback = rest.find((argument) => typeof argument === "function") as (() => void) | undefined;
    callback?.();
    return true;
  };
}

/** The whole error goes to the log, one line of it into the reason. */
function reported(error: unknown): string {
  if (!(error instanceof Error)) return `thrown: ${JSON.stringify(error) ?? String(error)}`;
  post({ type: "log", text: `${error.stack ?? error}\n` });
  return `${error.name}: ${error.message}`;
}

function load(): Handler {
  const exported: unknown = createRequire(join(environment.directory, "index.js"))("./index.js");
  const handler = (exported as { handler?: unknown }).handler;
  if (typeof handler !== "function") throw new Error("Runtime.HandlerNotFound: index.js exports no function handler");
  if (handler.length > 2 && environment.nodeVersion >= 24) {
    throw new Error("Runtime.CallbackHandlerDeprecated: Lambda has no handlers with callbacks since Node.js 24");
  }
  return handler as Handler;
}

function call(handler: Handler, { event, requestId, deadline }: Invocation): Promise<unknown> {
  const context: LambdaContext = {
    functionName: environment.name,
    functionVersion: "1",
    memoryLimitInMB: String(environment.memory),
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
  return new Promise((resolve, reject) => {
    const returned = handler(JSON.parse(event), context, (error, result) => (error ? reject(error) : resolve(result)));
    const answersByCallback = handler.length > 2 && typeof (returned as { then?: unknown } | null)?.then !== "function";
    if (!answersByCallback) resolve(returned);
  });
}

/** V8 itself stops a heap that is too large; buffers lie outside of it. */
function checkMemory(): void {
  const { heapUsed, external } = process.memoryUsage();
  if (heapUsed + external > environment.memory * 1024 * 1024) post({ type: "out of memory" });
}

async function serve(handler: Handler): Promise<never> {
  let seen = 0;
  for (;;) {
    Atomics.wait(environment.signal, 0, seen);
    seen++;
    // One turn of the loop, so that sockets that the other side closed meanwhile are known to be closed.
    await new Promise(setImmediate);
    const invocation = receiveMessageOnPort(environment.port)?.message as Invocation;
    if (invocation.traceId === undefined) delete process.env["_X_AMZN_TRACE_ID"];
    else process.env["_X_AMZN_TRACE_ID"] = invocation.traceId;
    try {
      const result = JSON.stringify(await call(handler, invocation)) as string | undefined;
      checkMemory();
      post({ type: "answer", result });
    } catch (error) {
      post({ type: "error", error: reported(error) });
    }
  }
}

captureOutput(process.stdout);
captureOutput(process.stderr);
let handler: Handler | undefined;
try {
  handler = load();
} catch (error) {
  post({ type: "init error", error: reported(error) });
}
if (handler !== undefined) {
  post({ type: "ready" });
  setInterval(checkMemory, memoryCheckInterval).unref();
  await serve(handler);
}
