import { ageOf, type Lifetime, staleFor } from "./freshness.ts";
import type { Headers } from "./headers.ts";

export interface CachedObject {
  status: number;
  headers: Headers;
  body: Buffer;
  kept: Lifetime;
  /** What an invalidation can name: path and query as they are in the key, and as the viewer sent them. */
  paths: string[];
  distribution: string;
  /** After a failed revalidation the object is served until then, in milliseconds. */
  heldUntil?: number;
}

export type Matcher = (path: string) => boolean;

/** Objects by cache key, the least recently used leave first. */
export interface ObjectCache {
  get(key: string): CachedObject | undefined;
  /** Keeps an object, unless it is too large, or was invalidated since `since`. */
  put(key: string, object: CachedObject, since: number): boolean;
  remove(key: string): void;
  /** Removes what matches, now and from fetches that are under way. */
  invalidate(distribution: string, matches: Matcher): void;
  /** A moment to hand to `put`: take it before the object is asked for. */
  moment(): number;
  stats(): { objects: number; bytes: number };
}

// Fetches that began before so many invalidations are not kept at all.
const REMEMBERED = 1000;
// Bytes of bookkeeping per object, about.
const OVERHEAD = 1024;

/** Bytes, about: a viewer can make keys and an origin headers of many kilobytes for an object without a body. */
function costOf(key: string, { body, headers, paths }: CachedObject): number {
  let texts = key.length;
  for (const path of paths) {
    texts += path.length;
  }
  for (const [name, values] of headers) {
    texts += name.length + values.join().length;
  }
  return body.length + texts * 2 + OVERHEAD;
}

export function objectCache(maxBytes: number, maxObjectBytes: number): ObjectCache {
  const objects = new Map<string, CachedObject>();
  const costs = new WeakMap<CachedObject, number>();
  const invalidations: { at: number; distribution: string; matches: Matcher }[] = [];
  let bytes = 0;
  let clock = 0;

  const remove = (key: string) => {
    const object = objects.get(key);
    if (object !== undefined) {
      objects.delete(key);
      bytes -= costs.get(object) ?? 0;
    }
  };
  const invalidatedSince = (object: CachedObject, since: number) =>
    clock - since > REMEMBERED ||
    invalidations.some(
      ({ at, distribution, matches }) =>
        at > since && distribution === object.distribution && object.paths.some((path) => matches(path)),
    );

  return {
    get(key) {
      const object = objects.get(key);
      if (object !== undefined) {
        objects.delete(key);
        objects.set(key, object);
      }
      return object;
    },
    put(key, object, since) {
      if (object.body.length > maxObjectBytes || invalidatedSince(object, since)) {
        return false;
      }
      remove(key);
      objects.set(key, object);
      const cost = costOf(key, object);
      costs.set(object, cost);
      bytes += cost;
      while (bytes > maxBytes) {
        remove(objects.keys().next().value as string);
      }
      return objects.has(key);
    },
    remove,
    invalidate(distribution, matches) {
      invalidations.push({ at: ++clock, distribution, matches });
      if (invalidations.length > REMEMBERED) {
        invalidations.shift();
      }
      for (const [key, object] of objects) {
        if (object.distribution === distribution && object.paths.some((path) => matches(path))) {
          remove(key);
        }
      }
    },
    moment: () => clock,
    stats: () => ({ objects: objects.size, bytes }),
  };
}

export function isFresh(object: CachedObject, now: number): boolean {
  return object.kept.semantics.age() < object.kept.ttl || (object.heldUntil ?? 0) > now;
}

/** Seconds since an object ceased to be fresh. */
function staleness(object: CachedObject): number {
  return ageOf(object.kept) - object.kept.ttl;
}

export function mayServeOnError(object: CachedObject): boolean {
  return object.status < 400 && staleness(object) < staleFor(object.headers).onError;
}

export function mayServeWhileRevalidating(object: CachedObject): boolean {
  return object.status < 400 && staleness(object) < staleFor(object.headers).whileRevalidating;
}
