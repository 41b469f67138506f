import { once } from "node:events";
import { PassThrough, type Readable } from "node:stream";

export interface Fill {
  /** For the viewer that asked first. */
  stream: Readable;
  /** All of the body, as soon as it is there; nothing when it is broken off or larger than the limit. */
  whole: Promise<Buffer | undefined>;
}

/**
 * Reads an origin's body once for a viewer and for the cache. Below the limit it is read as fast as the origin sends, so
 * that a slow viewer holds up nobody who waits for the same object; above it at the viewer's pace, and nothing is kept.
 */
export function fill(body: Readable, limit: number): Fill {
  const stream = new PassThrough();
  // Whoever reads hears of an error; nobody need be reading any more.
  stream.on("error", () => {});
  const { promise: whole, resolve } = Promise.withResolvers<Buffer | undefined>();
  void pump(body, stream, limit, resolve);
  return { stream, whole };
}

async function pump(body: Readable, stream: PassThrough, limit: number, settle: (whole?: Buffer) => void) {
  let kept: Buffer[] | undefined = [];
  let size = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit && kept !== undefined) {
        kept = undefined;
        settle();
      }
      kept?.push(chunk);
      if (stream.destroyed) {
        if (kept === undefined) {
          return;
        }
      } else if (!stream.write(chunk) && kept === undefined) {
        await Promise.race([once(stream, "drain"), once(stream, "close")]);
      }
    }
    settle(kept && Buffer.concat(kept, size));
    stream.end();
  } catch (error) {
    settle();
    stream.destroy(error as Error);
  }
}
