import { type BinaryToTextEncoding, createHash, createHmac, randomInt } from "node:crypto";
import release from "@jitl/quickjs-wasmfile-release-sync";
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSSyncVariant,
} from "quickjs-emscripten-core";
import type { toFunctionEvent } from "./cloudfront-event.ts";
import { handler, runtime } from "./cloudfront-runtime.ts";
import { checkScript, scriptOf } from "./restrictions/index.ts";
import { pages } from "./restrictions/pages.ts";
import { shown } from "./restrictions/restriction.ts";

// Its types are those of a CommonJS module, which it is not when imported.
const variant = release as unknown as QuickJSSyncVariant;

export const limits = {
  /** Bytes of the script. */
  code: 10 * 1024,
  /** Bytes of everything the engine allocates, its own objects (about 0.1 MB) included. */
  memory: 2 * 1024 * 1024,
  /** Bytes of what console.log writes in one run; the rest is cut. */
  log: 10 * 1024,
  /**
   * CloudFront gives a run less than a millisecond and says no number. Counted here are loop turns, calls and steps of
   * regular expressions, so that a busy machine changes nothing: about 5 ms of QuickJS.
   */
  steps: 100_000,
};

const stepsPerInterrupt = 10_000; // JS_INTERRUPT_COUNTER_INIT in quickjs.c
const interrupted = "InternalError: interrupted";
const wasmStack = 5 * 1024 * 1024; // STACK_SIZE of the build
const stack = 128 * 1024;

export type FunctionEvent = ReturnType<typeof toFunctionEvent>;

export interface FunctionRun {
  /** What the handler returned, or why it returned nothing. */
  result: { value: unknown } | { error: string };
  logs: string[];
}

export interface CloudFrontFunction {
  run(event: FunctionEvent): Promise<FunctionRun>;
}

interface Sandbox {
  run(event: FunctionEvent): FunctionRun;
}

/**
 * A script in QuickJS, which runs in WebAssembly: memory and steps are counted by the engine itself, and there is no
 * network, file or timer that could be reached. Each run begins with the memory as it was after the script had been
 * loaded, so nothing is left from one request to the next.
 */
export function cloudFrontFunction(name: string, script: string): CloudFrontFunction {
  const refused = refusal(name, script);
  if (refused !== undefined) return { run: async () => ({ result: { error: refused }, logs: [] }) };
  let sandbox: Promise<Sandbox | { error: string }> = load(name, script).catch(failure);
  return {
    async run(event) {
      const loaded = await sandbox;
      if ("error" in loaded) return { result: loaded, logs: [] };
      try {
        return loaded.run(event);
      } catch (error) {
        // The engine itself has failed: the next run begins with a new one.
        sandbox = load(name, script).catch(failure);
        return { result: failure(error), logs: [] };
      }
    },
  };
}

/** Why AWS would not take the function. */
function refusal(name: string, script: string): string | undefined {
  const size = Buffer.byteLength(script);
  if (size > limits.code) return `${name} has ${size} bytes, ${limits.code} are allowed. ${pages.functionQuotas}`;
  const parsed = scriptOf(script);
  return parsed && checkScript(parsed);
}

function failure(error: unknown): { error: string } {
  return { error: error instanceof Error ? error.message : String(error) };
}

async function load(name: string, script: string): Promise<Sandbox> {
  const memory = new WebAssembly.Memory({ initial: 256, maximum: 512 });
  const quickJs = await newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmMemory: memory }));
  const engine = quickJs.newRuntime();
  const context = engine.newContext();
  const markedFrom = markUnused(memory);
  let logs: string[] = [];
  let logged = 0;
  let interrupts = 0;
  engine.setMaxStackSize(stack);
  engine.setMemoryLimit(limits.memory);
  const isSpent = () => interrupts * stepsPerInterrupt > limits.steps;
  engine.setInterruptHandler(() => {
    interrupts++;
    return isSpent();
  });

  const log = context.newFunction("log", (message) => {
    if (logged >= limits.log) return;
    const text = Buffer.from(context.getString(message));
    const fits = text.subarray(0, limits.log - logged).toString();
    logged += text.length;
    logs.push(logged > limits.log ? `${fits} [cut at 10 KB: ${pages.functionRestrictions}]` : fits);
  });
  const digest = context.newFunction("digest", (algorithm, key, data, encoding) => {
    const name = context.getString(algorithm);
    const keyed = context.typeof(key) === "string" ? createHmac(name, context.getString(key)) : createHash(name);
    keyed.update(context.getString(data));
    return context.newString(keyed.digest(context.getString(encoding) as BinaryToTextEncoding));
  });
  const base64 = context.newFunction("base64", (way, text) =>
    context.newString((context.getString(way) === "atob" ? atob : btoa)(context.getString(text))),
  );
  const random = context.newFunction("random", () => context.newNumber(randomInt(2 ** 48 - 1) / (2 ** 48 - 1)));

  const setUp = evaluate(context, runtime, "runtime.js");
  const entries = expect(context, context.callFunction(setUp, context.undefined, log, digest, base64, random));
  const start = context.getProp(entries, "start");
  const finish = context.getProp(entries, "finish");
  evaluate(context, script, `${name}.js`);
  const handle = evaluate(context, handler, "handler.js");
  if (context.typeof(handle) !== "function") throw new Error("the script declares no function called handler");
  if (engine.hasPendingJob()) engine.executePendingJobs();

  const restore = snapshot(memory, markedFrom);
  return {
    run(event) {
      logs = [];
      logged = 0;
      interrupts = 0;
      try {
        const time = context.newNumber(Date.now());
        const text = context.newString(JSON.stringify(event));
        let json = expect(context, context.callFunction(start, context.undefined, handle, text, time));
        if (context.typeof(json) !== "string") {
          expectJobs(context, engine.executePendingJobs());
          json = expect(context, context.callFunction(finish, context.undefined));
        }
        // The engine makes a rejection of an interruption in a promise, so the count decides.
        if (isSpent()) return { result: { error: explained(interrupted) }, logs };
        if (context.typeof(json) !== "string") return { result: { error: "The handler never answers" }, logs };
        return { result: JSON.parse(context.getString(json)) as { value: unknown }, logs };
      } catch (error) {
        if (!(error instanceof ScriptError)) throw error;
        return { result: { error: error.message }, logs };
      } finally {
        restore();
      }
    },
  };
}

/** An error of the script, as opposed to one of the engine. */
class ScriptError extends Error {}

type Outcome = ReturnType<QuickJSContext["callFunction"]>;

function expect(context: QuickJSContext, outcome: Outcome): QuickJSHandle {
  if (outcome.error === undefined) return outcome.value;
  throw new ScriptError(explained(described(context, outcome.error)));
}

function expectJobs(context: QuickJSContext, outcome: { error?: QuickJSHandle | undefined }): void {
  if (outcome.error !== undefined) throw new ScriptError(explained(described(context, outcome.error)));
}

function evaluate(context: QuickJSContext, code: string, file: string): QuickJSHandle {
  return expect(context, context.evalCode(code, file, { type: "global", strict: true }));
}

function described(context: QuickJSContext, error: QuickJSHandle): string {
  const dumped: unknown = context.dump(error);
  if (typeof dumped !== "object" || dumped === null || !("message" in dumped)) return shown(dumped);
  const { name, message, stack: trace } = dumped as { name?: string; message?: string; stack?: string };
  const place = trace?.split("\n")[0]?.trim();
  return `${name ?? "Error"}: ${message ?? ""}${place ? ` (${place})` : ""}`;
}

/** The engine's own errors with the limit they stand for. */
function explained(message: string): string {
  if (message.startsWith(interrupted)) {
    return `The run took more than ${limits.steps} steps. Compute utilization: ${pages.functionRestrictions}`;
  }
  if (message.startsWith("InternalError: out of memory")) {
    return `The run needed more than 2 MB of memory. Maximum function memory: ${pages.functionQuotas}`;
  }
  return message;
}

const mark = 0x5a5a5a5a;
const markedWords = (2 * limits.memory) / 4;
const marginWords = (64 * 1024) / 4;

/**
 * Fills the memory above the heap, so that snapshot() can tell where the heap ends when its last bytes are zeros. The
 * allocator expects nothing of memory that it has not given out. Gives the first word that it marked.
 */
function markUnused(memory: WebAssembly.Memory): number {
  const words = new Uint32Array(memory.buffer);
  let used = words.length;
  while (used > 0 && words[used - 1] === 0) used--;
  const from = used + marginWords;
  words.fill(mark, from, from + markedWords);
  return from;
}

/**
 * Remembers the engine's memory: the data at its beginning and the heap at its end. Between them lies the stack, 5 MB
 * of zeros, of which nothing is in use between two runs. Gives the function that sets the memory back.
 */
function snapshot(memory: WebAssembly.Memory, markedFrom: number): () => void {
  const words = new Uint32Array(memory.buffer);
  let end = markedFrom + markedWords;
  while (end > markedFrom && words[end - 1] === mark) end--;
  let stackStart = 0;
  let stackEnd = 0;
  for (let at = 0, lastUsed = -1; at < end; at++) {
    if (words[at] === 0) continue;
    if (at - lastUsed - 1 > stackEnd - stackStart) [stackStart, stackEnd] = [lastUsed + 1, at];
    lastUsed = at;
  }
  if ((stackEnd - stackStart) * 4 < wasmStack / 2) throw new Error("QuickJS's memory is not laid out as expected");
  const bytes = new Uint8Array(memory.buffer);
  const data = bytes.slice(0, stackStart * 4);
  const heapAt = stackEnd * 4;
  const heap = bytes.slice(heapAt, end * 4);
  return () => {
    const current = new Uint8Array(memory.buffer);
    current.set(data);
    current.set(heap, heapAt);
  };
}
