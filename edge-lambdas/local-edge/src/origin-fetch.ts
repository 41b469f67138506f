import { Readable } from "node:stream";
import type { CloudFrontRequest } from "aws-lambda";
import { type CachedObject, mayServeOnError } from "./cache.ts";
import { acceptEncoding } from "./cache-key.ts";
import { compressed, compresses } from "./compression.ts";
import type { Distribution, DistributionOrigin } from "./distribution.ts";
import { chosenOrigin, eventResponse, generated, originEvent, replaced } from "./events.ts";
import { ERROR_TTL, type Lifetime, lifetime, revalidationHeaders } from "./freshness.ts";
import { fromEvent, type Headers, header } from "./headers.ts";
import { OriginError, type OriginRequest, type OriginResponse } from "./origin/origin.ts";
import { originHeaders, originQuery } from "./origin-request.ts";
import { cleanResponse } from "./response-headers.ts";
import type { FunctionRunner } from "./run-function.ts";
import { type Answer, discard, failed, type Visit } from "./visit.ts";

/** An answer that is new to the cache. */
export interface Fetched extends Answer {
  /** Present when it may be kept. */
  kept?: Lifetime;
}

/** A kept object that goes on being used: confirmed by its origin, or held on to while that fails. */
export interface Renewed {
  object: CachedObject;
  result: "RefreshHit" | "Hit";
}

export interface OriginFetch {
  (visit: Visit): Promise<Fetched>;
  /** With a stale object in hand asks whether it is still right. */
  (visit: Visit, stale: CachedObject | undefined): Promise<Fetched | Renewed>;
}

/** Asks the origin, with the behavior's functions before and after. */
export function originFetch(functions: FunctionRunner, now: () => number): OriginFetch {
  async function fetch(visit: Visit): Promise<Fetched>;
  async function fetch(visit: Visit, stale: CachedObject | undefined): Promise<Fetched | Renewed>;
  async function fetch(visit: Visit, stale?: CachedObject): Promise<Fetched | Renewed> {
    const { x, distribution, behavior, request } = visit;
    const asked = originRequest(visit, stale);
    let { origin } = behavior;
    let added: Headers = fixedHeaders(origin);
    const outcome = await functions.run(visit, "origin-request", () => originEvent(asked, request.address, origin));
    if (outcome?.kind === "failure") {
      return functions.failure(visit, "origin-request", outcome);
    }
    if (outcome?.kind === "response") {
      const made = generated(outcome, false);
      return encoded(made, lifetimeOf(made, visit), visit);
    }
    if (outcome?.kind === "request") {
      const chosen = chosenOrigin(outcome.request);
      const other = distribution.originAt(chosen.domainName);
      if (other === undefined) {
        return failed(x, 502, unknownOrigin(outcome.request, distribution));
      }
      origin = other;
      added = chosen.headers;
      const { uri, querystring, headers } = outcome.request;
      Object.assign(asked, { uri, querystring, headers: fromEvent(headers), path: chosen.path });
    }
    if (header(asked.headers, "host") === origin.domainName) {
      // Not the viewer's: each target gets its own.
      asked.headers.delete("host");
    }
    for (const [name, values] of added) {
      asked.headers.set(name, values);
    }

    const started = performance.now();
    let response: OriginResponse;
    try {
      response = await origin.client.request(asked);
    } catch (error) {
      if (!(error instanceof OriginError)) {
        throw error;
      }
      x.origin = { name: origin.name, place: "", millis: performance.now() - started };
      return stale !== undefined && mayServeOnError(stale) ? held(stale, visit, error.status) : lost(visit, error);
    }
    const { status, place } = response;
    x.origin = { name: origin.name, place, status, millis: performance.now() - started };
    if (stale !== undefined && status >= 500 && mayServeOnError(stale)) {
      discard(response.body);
      return held(stale, visit, status);
    }
    return received(visit, asked, origin, response, stale);
  }

  async function received(
    visit: Visit,
    asked: OriginRequest,
    origin: DistributionOrigin,
    response: OriginResponse,
    stale: CachedObject | undefined,
  ): Promise<Fetched | Renewed> {
    const { status, headers, body } = response;
    let got: Answer = { status, headers, body, result: "Miss" };
    const outcome = await functions.run(
      visit,
      "origin-response",
      () => originEvent(asked, visit.request.address, origin),
      () => eventResponse(got),
    );
    if (outcome?.kind === "failure") {
      discard(body);
      return functions.failure(visit, "origin-response", outcome);
    }
    if (outcome?.kind === "response") {
      got = replaced(got, outcome);
    }
    if (stale !== undefined && got.status === 304) {
      discard(got.body);
      return confirmed(stale, got.headers, visit);
    }
    got.result = got.status >= 400 ? "Error" : "Miss";
    const kept = lifetimeOf(got, visit);
    cleanResponse(got.headers, visit.behavior.cachePolicy, visit.behavior.originRequestPolicy);
    return encoded(got, kept, visit);
  }

  /** An object past its time, while the origin fails: used without asking again until the error TTL is over. */
  function held(stale: CachedObject, { distribution }: Visit, status: number): Renewed {
    const heldUntil = now() + errorTtl(distribution, status) * 1000;
    return { object: { ...stale, heldUntil }, result: "Hit" };
  }

  return fetch;
}

function originRequest({ x, distribution, behavior, request, viewer }: Visit, stale?: CachedObject): OriginRequest {
  const forwarded = behavior.cachePolicy.maxTtl === 0 || request.method !== "GET";
  // Of an object that is kept, a viewer's condition is for the edge to answer, and 304 must be about the edge's own.
  const headers = [...originHeaders(request, distribution, behavior, x)].filter(([name]) => !CONDITIONS.test(name));
  const conditions = stale === undefined ? [] : revalidationHeaders(stale.kept);
  const ofViewer = forwarded ? [...request.headers].filter(([name]) => CONDITIONS.test(name)) : [];
  return {
    method: request.method,
    uri: request.uri,
    querystring: originQuery(request, behavior),
    path: behavior.origin.settings.path ?? "",
    headers: new Map([...headers, ...ofViewer, ...conditions]),
    signal: viewer.signal,
    ...(viewer.body && { body: viewer.body }),
  };
}

const CONDITIONS = /^if-(match|none-match|modified-since|unmodified-since)$/;

function fixedHeaders({ settings }: DistributionOrigin): Headers {
  return new Map(Object.entries(settings.headers ?? {}).map(([name, value]) => [name.toLowerCase(), [value]]));
}

function unknownOrigin(request: CloudFrontRequest, { originNames }: Distribution): string {
  const { domainName } = chosenOrigin(request);
  return `The function chose the origin ${domainName}; local-edge knows this distribution's own: ${originNames.join(", ")}.`;
}

function lost(visit: Visit, { failure, status, message }: OriginError): Fetched {
  visit.x.detail = failure;
  const made = failed(visit.x, status, message);
  const kept = visit.request.method === "GET" ? lifetimeOf(made, visit) : undefined;
  return { ...made, ...(kept && { kept }) };
}

/** An object that its origin confirmed: the body is the old one, and so is what describes it (RFC 9111, 3.2). */
function confirmed(stale: CachedObject, headers: Headers, visit: Visit): Renewed {
  const { cachePolicy, originRequestPolicy } = visit.behavior;
  cleanResponse(headers, cachePolicy, originRequestPolicy);
  const merged = new Map(stale.headers);
  merged.delete("age");
  for (const [name, values] of headers) {
    if (!/^(content-(length|encoding|range)|etag|vary)$/.test(name)) {
      merged.set(name, values);
    }
  }
  const { heldUntil: _, ...rest } = stale;
  const kept = lifetimeOf({ status: stale.status, headers: merged }, visit) ?? { ...stale.kept, ttl: 0 };
  return { object: { ...rest, headers: merged, kept }, result: "RefreshHit" };
}

function lifetimeOf({ status, headers }: { status: number; headers: Headers }, { distribution, behavior }: Visit) {
  return lifetime(status, headers, behavior.cachePolicy, errorTtl(distribution, status));
}

function errorTtl({ errorResponses }: Distribution, status: number): number {
  return errorResponses.get(status)?.minTtl ?? ERROR_TTL;
}

/** Compresses an answer if CloudFront would. */
function encoded(got: Answer, kept: Lifetime | undefined, { behavior, request }: Visit): Fetched {
  const { cachePolicy, compress } = behavior;
  const fetched: Fetched = { ...got, ...(kept && { kept }) };
  const accepted = acceptEncoding(request, cachePolicy);
  const may = compress && cachePolicy.maxTtl > 0 && request.method === "GET" && accepted !== undefined;
  if (!may || !compresses(got.status, got.headers, accepted)) {
    return fetched;
  }
  const body = Buffer.isBuffer(got.body) ? Readable.from([got.body]) : got.body;
  return { ...fetched, body: compressed(body, got.headers, accepted) };
}
