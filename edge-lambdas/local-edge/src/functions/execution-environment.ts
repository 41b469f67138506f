/**
 * The process of a Lambda execution environment: loads the bundle once, then answers one event after the other. It
 * reads the next event from file descriptor 3 and waits for it without its event loop, so it stands still between two
 * events as Lambda's does: timers, sockets and promises go on when the next event comes, or never.
 */
import { readSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

export interface Invocation {
  event: unknown;
  requestId: string;
  traceId?: string | undefined;
  /** When the function is stopped, in milliseconds since 1970. */
  deadline: number;
}

/** A line to the parent: its kind, a space, JSON. An answer without JSON is that of a handler which returned nothing. */
export type MessageKind = "ready" | "log" | "answer" | "error" | "fatal";

interface LambdaContext {
  functionName: string | undefined;
  functionVersion: string | undefined;
  memoryLimitInMB: string | undefined;
  awsRequestId: string;
  callbackWaitsForEmptyEventLoop: boolean;
  getRemainingTimeInMillis(): number;
}

type Handler = (
  event: unknown,
  context: LambdaContext,
  callback: (error: unknown, result?: unknown) => void,
) => unknown;

const channel = 3;
const task = process.cwd();
const lastWithCallbacks = 22; // Node.js

function send(kind: MessageKind, json = ""): void {
  const bytes = Buffer.from(`${kind} ${json}\n`);
  for (let sent = 0; sent < bytes.length; ) sent += writeSync(channel, bytes, sent);
}

const chunk = Buffer.alloc(64 * 1024);
let rest = Buffer.alloc(0);

/** The next line, however long it takes. */
function receive(): string {
  const chunks = [rest];
  for (;;) {
    const end = chunks.at(-1)?.indexOf("\n") ?? -1;
    if (end >= 0) {
      const last = chunks.pop() as Buffer<ArrayBuffer>;
      rest = last.subarray(end + 1);
      return Buffer.concat([...chunks, last.subarray(0, end)]).toString();
    }
    const size = readSync(channel, chunk);
    if (size === 0) process.exit(); // The parent is gone.
    chunks.push(Buffer.from(chunk.subarray(0, size)));
  }
}

function captureOutput(stream: NodeJS.WriteStream): void {
  stream.write = (text: Uint8Array | string, ...others: unknown[]) => {
    send("log", JSON.stringify(typeof text === "string" ? text : Buffer.from(text).toString()));
    const callback = others.find((argument) => typeof argument === "function") as (() => void) | undefined;
    callback?.();
    return true;
  };
}

/** The whole error goes to the log, one line of it into the reason. */
function reported(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(`thrown: ${JSON.stringify(error) ?? String(error)}`);
  send("log", JSON.stringify(`${error.stack ?? error}\n`));
  return JSON.stringify(`${error.name}: ${error.message}`);
}

function load(): Handler {
  const exported: unknown = createRequire(join(task, "index.js"))("./index.js");
  const handler = (exported as { handler?: unknown }).handler;
  if (typeof handler !== "function") throw new Error("Runtime.HandlerNotFound: index.js exports no function handler");
  const version = Number.parseInt(process.env["AWS_EXECUTION_ENV"]?.replace(/\D+/, "") ?? "", 10);
  if (handler.length > 2 && version > lastWithCallbacks) {
    throw new Error("Runtime.CallbackHandlerDeprecated: Lambda has no handlers with callbacks since Node.js 24");
  }
  return handler as Handler;
}

function call(handler: Handler, { event, requestId, deadline }: Invocation): Promise<unknown> {
  const context: LambdaContext = {
    functionName: process.env["AWS_LAMBDA_FUNCTION_NAME"],
    functionVersion: process.env["AWS_LAMBDA_FUNCTION_VERSION"],
    memoryLimitInMB: process.env["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"],
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
  return new Promise((resolve, reject) => {
    const returned = handler(event, context, (error, result) => (error ? reject(error) : resolve(result)));
    const answersByCallback = handler.length > 2 && typeof (returned as { then?: unknown } | null)?.then !== "function";
    if (!answersByCallback) resolve(returned);
  });
}

async function serve(handler: Handler): Promise<never> {
  for (;;) {
    const invocation = JSON.parse(receive()) as Invocation;
    // One turn of the loop, so that sockets that the other side closed meanwhile are known to be closed.
    await new Promise(setImmediate);
    if (invocation.traceId === undefined) delete process.env["_X_AMZN_TRACE_ID"];
    else process.env["_X_AMZN_TRACE_ID"] = invocation.traceId;
    try {
      send("answer", JSON.stringify(await call(handler, invocation)));
    } catch (error) {
      send("error", reported(error));
    }
  }
}

captureOutput(process.stdout);
captureOutput(process.stderr);
process.on("uncaughtException", (error) => {
  send("fatal", reported(error));
  process.exit(1);
});
process.on("beforeExit", () => {
  send("fatal", JSON.stringify("Runtime.NodeJsExit: the handler's promise was never settled and nothing is pending"));
});
const handler = load();
send("ready");
void serve(handler);
