import { type CachedObject, isFresh, mayServeWhileRevalidating, type ObjectCache } from "./cache.ts";
import { cacheKey, selectQuery } from "./cache-key.ts";
import type { Exchange } from "./exchange.ts";
import { fill } from "./fill.ts";
import { ageOf } from "./freshness.ts";
import { header } from "./headers.ts";
import type { Fetched, OriginFetch } from "./origin-fetch.ts";
import { oneSpelling } from "./paths.ts";
import { type Answer, discard, never, unseen, type Visit } from "./visit.ts";

export interface Lookup {
  /** From the cache, from whoever is fetching it, or from the origin. */
  obtain(visit: Visit): Promise<Answer>;
  /** Forgets which fetches are under way for these paths, so that nobody joins one that may bring the old object. */
  invalidated(distribution: string, matches: (path: string) => boolean): void;
}

/** A fetch that others may wait for. */
interface Flight {
  distribution: string;
  paths: string[];
  /** What they may have of it; nothing when each must ask for itself. */
  shared: Promise<CachedObject | undefined>;
}

interface Limits {
  /** Bytes of the largest object that is kept. */
  object: number;
  /** Bytes that all fetches together may hold for the cache at one time. */
  underWay: number;
}

export function lookup(cache: ObjectCache, fetch: OriginFetch, limits: Limits, now: () => number): Lookup {
  const flights = new Map<string, Flight>();
  const budget = { left: limits.underWay };

  async function obtain(visit: Visit): Promise<Answer> {
    const { x, behavior, distribution, request } = visit;
    if (behavior.cachePolicy.maxTtl === 0 || !/^(GET|HEAD)$/.test(request.method)) {
      return fetch(visit);
    }
    const key = cacheKey(distribution.name, request, behavior.cachePolicy);
    const object = cache.get(key);
    if (object !== undefined && isFresh(object, now())) {
      return hit(x, object);
    }
    if (object !== undefined && mayServeWhileRevalidating(object)) {
      if (!flights.has(key)) {
        lead(inBackground(visit), key, object).then(
          ({ body }) => discard(body),
          () => {},
        );
      }
      return hit(x, object);
    }
    if (request.method === "HEAD" || request.headers.has("range")) {
      return alone(visit, key);
    }
    const flight = flights.get(key);
    if (flight === undefined) {
      return lead(visit, key, object);
    }
    const shared = await flight.shared;
    return shared === undefined ? alone(visit, key) : hit(x, shared);
  }

  async function alone(visit: Visit, key: string): Promise<Answer> {
    const since = cache.moment();
    const fetched = await fetch(visit);
    return visit.request.method === "HEAD" ? fetched : keep(visit, fetched, key, since).answer;
  }

  /** Fetches an object for itself and for those who ask meanwhile. */
  async function lead(visit: Visit, key: string, stale: CachedObject | undefined): Promise<Answer> {
    const { promise: shared, resolve: share } = Promise.withResolvers<CachedObject | undefined>();
    const flight: Flight = { distribution: visit.distribution.name, paths: pathsOf(visit), shared };
    flights.set(key, flight);
    const land = (object?: CachedObject) => {
      if (flights.get(key) === flight) {
        flights.delete(key);
      }
      share(object);
    };
    try {
      const since = cache.moment();
      // Others wait for this answer: it is fetched to its end, also when the one who asked first goes away.
      const fetched = await fetch({ ...visit, viewer: { ...visit.viewer, signal: never } }, stale);
      if ("object" in fetched) {
        const { object, result } = fetched;
        land(cache.put(key, object, since) && isFresh(object, now()) ? object : undefined);
        return { ...hit(visit.x, object), result };
      }
      const { answer, whole } = keep(visit, fetched, key, since);
      void whole.then(land);
      return answer;
    } catch (error) {
      land();
      throw error;
    }
  }

  /** Puts what may be kept into the cache, while it is on its way to the viewer. */
  function keep(
    visit: Visit,
    fetched: Fetched,
    key: string,
    since: number,
  ): { answer: Answer; whole: Promise<CachedObject | undefined> } {
    const { status, headers, body, kept } = fetched;
    if (kept === undefined || Number(header(headers, "content-length") ?? 0) > limits.object) {
      return { answer: fetched, whole: Promise.resolve(undefined) };
    }
    // What is kept must not change with what this viewer gets.
    const answer: Answer = { ...fetched, headers: new Map(headers) };
    const put = (whole: Buffer): CachedObject | undefined => {
      // The next viewer gets the length, also of what came in chunks.
      const complete = new Map(headers).set("content-length", [String(whole.length)]);
      const { name: distribution } = visit.distribution;
      const object = { status, headers: complete, body: whole, kept, paths: pathsOf(visit), distribution };
      return cache.put(key, object, since) && kept.ttl > 0 ? object : undefined;
    };
    if (Buffer.isBuffer(body)) {
      return { answer, whole: Promise.resolve(put(body)) };
    }
    const filled = fill(body, limits.object, budget);
    const whole = filled.whole.then((bytes) => (bytes === undefined ? undefined : put(bytes)));
    return { answer: { ...answer, body: filled.stream }, whole };
  }

  return {
    obtain,
    invalidated(distribution, matches) {
      for (const [key, flight] of flights) {
        if (flight.distribution === distribution && flight.paths.some((path) => matches(path))) {
          flights.delete(key);
        }
      }
    },
  };
}

/** For the cache alone, which keeps whole bodies: a viewer may have asked for the headers or for a part. */
function inBackground(visit: Visit): Visit {
  const headers = new Map(visit.request.headers);
  headers.delete("range");
  headers.delete("if-range");
  return unseen({ ...visit, request: { ...visit.request, method: "GET", headers } });
}

function hit(x: Exchange, { status, headers, body, kept }: CachedObject): Answer {
  const error = status >= 400;
  if (error) {
    x.reason ??= "an error that was kept";
  }
  const aged = new Map(headers).set("age", [String(ageOf(kept))]);
  return { status, headers: aged, body, result: error ? "Error" : "Hit" };
}

/** What an invalidation can name: the path with the query that is in the key, as it came and as a function changed it. */
function pathsOf({ x, request, behavior }: Visit): string[] {
  const whole = (path: string, query: string) => {
    const selected = selectQuery(query, behavior.cachePolicy.queryStrings ?? "none");
    return oneSpelling(selected === "" ? path : `${path}?${selected}`);
  };
  return [...new Set([whole(request.uri, request.querystring), whole(x.uri, x.querystring)])];
}
