import { PassThrough, type Readable } from "node:stream";

export interface Fill {
  /** For the viewer that asked first. */
  stream: Readable;
  /** All of the body, as soon as it is there; nothing when it is broken off or larger than the limits. */
  whole: Promise<Buffer | undefined>;
}

/** Bytes that all fills together may still hold. */
export interface Budget {
  left: number;
}

/**
 * Reads an origin's body once for a viewer and for the cache. Below the limit it is read as fast as the origin sends, so
 * that a slow viewer holds up nobody who waits for the same object; above it at the viewer's pace, and nothing is kept.
 */
export function fill(body: Readable, limit: number, budget: Budget): Fill {
  const stream = new PassThrough();
  // Whoever reads hears of an error; nobody need be reading any more.
  stream.on("error", () => {});
  const { promise: whole, resolve } = Promise.withResolvers<Buffer | undefined>();
  void pump(body, stream, limit, budget, resolve);
  return { stream, whole };
}

async function pump(
  body: Readable,
  stream: PassThrough,
  limit: number,
  budget: Budget,
  settle: (whole?: Buffer) => void,
): Promise<void> {
  // A large body waits many times: two listeners for all of them.
  let resume = () => {};
  stream.on("drain", () => resume()).on("close", () => resume());
  let kept: Buffer[] | undefined = [];
  let size = 0;
  const release = () => {
    budget.left += size;
    kept = undefined;
  };
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      if (kept !== undefined && (size + chunk.length > limit || chunk.length > budget.left)) {
        release();
        settle();
      }
      if (kept !== undefined) {
        kept.push(chunk);
        size += chunk.length;
        budget.left -= chunk.length;
      }
      if (stream.destroyed) {
        if (kept === undefined) {
          return;
        }
      } else if (!stream.write(chunk) && kept === undefined) {
        await new Promise<void>((resolve) => {
          resume = resolve;
        });
      }
    }
    const whole = kept && Buffer.concat(kept, size);
    if (kept !== undefined) {
      release();
    }
    settle(whole);
    stream.end();
  } catch (error) {
    if (kept !== undefined) {
      release();
    }
    settle();
    stream.destroy(error as Error);
  }
}
