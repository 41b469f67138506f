import { Readable } from "node:stream";
import type { CloudFrontRequest, CloudFrontResponse } from "aws-lambda";
import { type CachedObject, isFresh, mayServeOnError, mayServeWhileRevalidating, type ObjectCache } from "./cache.ts";
import { acceptEncoding, cacheKey, selectQuery } from "./cache-key.ts";
import { compressed, compresses } from "./compression.ts";
import type { EventType } from "./configuration/model.ts";
import type { ViewerHeaders } from "./device.ts";
import type { Behavior, Distribution } from "./distribution.ts";
import { errorPage } from "./error-page.ts";
import type { Exchange, Result } from "./exchange.ts";
import { fill } from "./fill.ts";
import { ageOf, ERROR_TTL, type Lifetime, lifetime, revalidationHeaders } from "./freshness.ts";
import type { EdgeFunctions, Outcome } from "./functions/index.ts";
import { fromEvent, type Headers, header, toEvent } from "./headers.ts";
import { OriginError, type OriginRequest, type OriginResponse } from "./origin/origin.ts";
import { type EdgeRequest, originHeaders, originQuery } from "./origin-request.ts";
import { oneSpelling } from "./paths.ts";
import { cleanResponse } from "./response-headers.ts";

export interface Answer {
  status: number;
  headers: Headers;
  body: Buffer | Readable;
  result: Result;
}

export interface Viewer {
  request: EdgeRequest;
  port: number;
  httpVersion: string;
  /** The body of the request, if it has one. */
  body?: () => AsyncIterable<Uint8Array>;
  /** Aborted when the viewer goes away. */
  signal: AbortSignal;
}

export interface EdgeParts {
  cache: ObjectCache;
  maxObjectBytes: number;
  functions: { current(): EdgeFunctions };
  runtimes: Record<string, string>;
  viewerHeaders: ViewerHeaders;
  now(): number;
}

interface Flight {
  distribution: string;
  paths: string[];
  /** What others who asked meanwhile may have; nothing when each must ask for itself. */
  shared: Promise<CachedObject | undefined>;
}

interface Fetched {
  status: number;
  headers: Headers;
  body: Buffer | Readable;
  result: Result;
  /** Present when it may be kept. */
  kept?: Lifetime;
}

export interface Edge {
  answer(x: Exchange, distribution: Distribution, viewer: Viewer): Promise<Answer>;
  /** Forgets which fetches are under way for these paths, so that nobody joins one that may bring the old object. */
  invalidated(distribution: string, matches: (path: string) => boolean): void;
}

export function edge(parts: EdgeParts): Edge {
  const flights = new Map<string, Flight>();

  async function answer(x: Exchange, distribution: Distribution, viewer: Viewer): Promise<Answer> {
    const { request } = viewer;
    const verdict = distribution.firewall?.({ address: request.address, uri: request.uri, headers: request.headers });
    x.counted = verdict?.counted ?? [];
    if (verdict?.action === "block") {
      x.detail = "InvalidRequestBlocked";
      const by = verdict.rule === undefined ? "the web ACL's default action" : `the WAF rule ${verdict.rule}`;
      return customised(failed(x, 403, `Request blocked by ${by}.`), x, distribution, viewer);
    }
    const behavior = distribution.behaviorFor(request.uri);
    x.behavior = behavior.name;
    if (!behavior.allowedMethods.includes(request.method)) {
      x.detail = "InvalidRequestMethod";
      const allowed = behavior.allowedMethods.join(", ");
      return customised(failed(x, 403, `This behavior allows ${allowed} only.`), x, distribution, viewer);
    }
    if (viewer.body !== undefined && /^(GET|HEAD)$/.test(request.method)) {
      return customised(failed(x, 403, `A ${request.method} request may not have a body.`), x, distribution, viewer);
    }
    return viewerEvents(x, distribution, behavior, viewer);
  }

  async function viewerEvents(
    x: Exchange,
    distribution: Distribution,
    behavior: Behavior,
    viewer: Viewer,
  ): Promise<Answer> {
    const sent = viewer.request;
    const name = behavior.functions["viewer-request"];
    // Lambda@Edge sees CloudFront's own headers from origin-request on, a CloudFront Function at once.
    if (name === undefined || isSmall(name)) {
      addViewerHeaders(sent, behavior, viewer);
    }
    let request = sent;
    if (name !== undefined) {
      const outcome = await run(x, distribution, name, "viewer-request", viewerEvent(sent));
      if (outcome.kind === "failure") {
        return failedFunction(x, name, outcome);
      }
      if (outcome.kind === "response") {
        return finished(generated(outcome, isSmall(name)), behavior);
      }
      request = changed(sent, outcome.request);
      addViewerHeaders(request, behavior, viewer);
    }
    if (request.uri === "/" && distribution.defaultRootObject !== undefined) {
      request.uri = `/${distribution.defaultRootObject}`;
    }
    const found = await customised(await obtain(x, distribution, behavior, request, viewer), x, distribution, viewer);
    const done = finished(found, behavior);
    const last = behavior.functions["viewer-response"];
    return last === undefined || done.status >= 400 ? done : viewerResponse(x, distribution, last, sent, done);
  }

  function addViewerHeaders(request: EdgeRequest, { viewerHeaders }: Behavior, { port, httpVersion }: Viewer): void {
    for (const name of viewerHeaders) {
      const value = parts.viewerHeaders(
        { address: request.address, port, httpVersion, headers: request.headers },
        name,
      );
      if (value !== undefined) {
        request.headers.set(name, [value]);
      }
    }
  }

  async function viewerResponse(
    x: Exchange,
    distribution: Distribution,
    name: string,
    sent: EdgeRequest,
    done: Answer,
  ): Promise<Answer> {
    const outcome = await run(x, distribution, name, "viewer-response", viewerEvent(sent), eventResponse(done));
    if (outcome.kind === "failure") {
      discard(done.body);
      return failedFunction(x, name, outcome);
    }
    if (outcome.kind !== "response") {
      return done;
    }
    return replaced(done, outcome);
  }

  /** From the cache, from whoever is fetching it, or from the origin. */
  async function obtain(
    x: Exchange,
    distribution: Distribution,
    behavior: Behavior,
    request: EdgeRequest,
    viewer: Viewer,
  ): Promise<Answer> {
    const cacheable = behavior.cachePolicy.maxTtl > 0 && /^(GET|HEAD)$/.test(request.method);
    if (!cacheable) {
      return miss(await fetch(x, distribution, behavior, request, viewer));
    }
    const key = cacheKey(distribution.name, request, behavior.cachePolicy);
    const object = parts.cache.get(key);
    if (object !== undefined && isFresh(object, parts.now())) {
      return hit(x, object);
    }
    if (object !== undefined && mayServeWhileRevalidating(object)) {
      if (!flights.has(key)) {
        void lead(quiet(x), distribution, behavior, request, { ...viewer, signal: never }, key, object).then(
          (refreshed) => discard(refreshed.body),
          () => {},
        );
      }
      return hit(x, object);
    }
    if (request.method === "HEAD" || request.headers.has("range")) {
      return alone(x, distribution, behavior, request, viewer, key);
    }
    const flight = flights.get(key);
    if (flight === undefined) {
      return lead(x, distribution, behavior, request, viewer, key, object);
    }
    const shared = await flight.shared;
    return shared === undefined ? alone(x, distribution, behavior, request, viewer, key) : hit(x, shared);
  }

  async function alone(
    x: Exchange,
    distribution: Distribution,
    behavior: Behavior,
    request: EdgeRequest,
    viewer: Viewer,
    key: string,
  ): Promise<Answer> {
    const since = parts.cache.moment();
    const fetched = await fetch(x, distribution, behavior, request, viewer);
    return request.method === "HEAD"
      ? miss(fetched)
      : keep(fetched, distribution, behavior, request, x, key, since).answer;
  }

  /** Fetches an object for itself and for those who ask meanwhile. */
  async function lead(
    x: Exchange,
    distribution: Distribution,
    behavior: Behavior,
    request: EdgeRequest,
    viewer: Viewer,
    key: string,
    stale: CachedObject | undefined,
  ): Promise<Answer> {
    const { promise: shared, resolve: share } = Promise.withResolvers<CachedObject | undefined>();
    const paths = pathsOf(x, request, behavior);
    const flight: Flight = { distribution: distribution.name, paths, shared };
    flights.set(key, flight);
    const land = (object?: CachedObject) => {
      if (flights.get(key) === flight) {
        flights.delete(key);
      }
      share(object);
    };
    try {
      const since = parts.cache.moment();
      // Others wait for this answer: it is fetched to its end, also when the one who asked first goes away.
      const fetched = await fetch(x, distribution, behavior, request, { ...viewer, signal: never }, stale);
      if ("refreshed" in fetched) {
        const { refreshed, result } = fetched;
        const still = parts.cache.put(key, refreshed, since) && isFresh(refreshed, parts.now());
        land(still ? refreshed : undefined);
        return { ...hit(x, refreshed), result };
      }
      const { answer: found, whole } = keep(fetched, distribution, behavior, request, x, key, since);
      void whole.then(land);
      return found;
    } catch (error) {
      land();
      throw error;
    }
  }

  /** Puts what may be kept into the cache, while it is on its way to the viewer. */
  function keep(
    fetched: Fetched | Refreshed,
    distribution: Distribution,
    behavior: Behavior,
    request: EdgeRequest,
    x: Exchange,
    key: string,
    since: number,
  ): { answer: Answer; whole: Promise<CachedObject | undefined> } {
    if ("refreshed" in fetched || fetched.kept === undefined || tooLarge(fetched.headers)) {
      return { answer: miss(fetched), whole: Promise.resolve(undefined) };
    }
    const { status, headers, kept } = fetched;
    const object = (body: Buffer): CachedObject | undefined => {
      // The next viewer gets the length, also of what came in chunks.
      const complete = new Map(headers).set("content-length", [String(body.length)]);
      const paths = pathsOf(x, request, behavior);
      const made = { status, headers: complete, body, kept, paths, distribution: distribution.name };
      return parts.cache.put(key, made, since) && kept.ttl > 0 ? made : undefined;
    };
    if (Buffer.isBuffer(fetched.body)) {
      return { answer: miss(fetched), whole: Promise.resolve(object(fetched.body)) };
    }
    const filled = fill(fetched.body, parts.maxObjectBytes);
    const whole = filled.whole.then((body) => (body === undefined ? undefined : object(body)));
    return { answer: { ...miss(fetched), body: filled.stream }, whole };
  }

  function tooLarge(headers: Headers): boolean {
    return Number(header(headers, "content-length") ?? 0) > parts.maxObjectBytes;
  }

  interface Refreshed {
    refreshed: CachedObject;
    result: Result;
  }

  /** Asks the origin, with its functions before and after; with a stale object in hand asks whether it is still right. */
  async function fetch(
    x: Exchange,
    distribution: Distribution,
    behavior: Behavior,
    request: EdgeRequest,
    viewer: Viewer,
  ): Promise<Fetched>;
  async function fetch(
    x: Exchange,
    distribution: Distribution,
    behavior: Behavior,
    request: EdgeRequest,
    viewer: Viewer,
    stale: CachedObject | undefined,
  ): Promise<Fetched | Refreshed>;
  async function fetch(
    x: Exchange,
    distribution: Distribution,
    behavior: Behavior,
    request: EdgeRequest,
    viewer: Viewer,
    stale?: CachedObject,
  ): Promise<Fetched | Refreshed> {
    let asked: OriginRequest = {
      method: request.method,
      uri: request.uri,
      querystring: originQuery(request, behavior),
      headers: originHeaders(request, distribution, behavior, x),
      signal: viewer.signal,
      ...(viewer.body && { body: viewer.body }),
    };
    if (stale !== undefined) {
      asked.headers = new Map([...asked.headers, ...revalidationHeaders(stale.kept)]);
    } else if (behavior.cachePolicy.maxTtl === 0 || request.method !== "GET") {
      asked.headers = new Map([...asked.headers, ...conditions(request.headers)]);
    }
    const before = behavior.functions["origin-request"];
    if (before !== undefined) {
      const event = originEvent(asked, request.address, behavior);
      const outcome = await run(x, distribution, before, "origin-request", event);
      if (outcome.kind === "failure") {
        return failedFunction(x, before, outcome);
      }
      if (outcome.kind === "response") {
        const made = generated(outcome, false);
        return encoded(made, lifetimeOf(made, distribution, behavior), behavior, request);
      }
      const { uri, querystring, headers } = outcome.request;
      asked = { ...asked, uri, querystring, headers: fromEvent(headers) };
    }
    if (header(asked.headers, "host") === behavior.origin.domainName) {
      // Not the viewer's: each target gets its own.
      asked.headers.delete("host");
    }
    for (const [name, value] of Object.entries(behavior.originSettings.headers ?? {})) {
      asked.headers.set(name.toLowerCase(), [value]);
    }

    const started = performance.now();
    let response: OriginResponse;
    try {
      response = await behavior.origin.request(asked);
    } catch (error) {
      if (!(error instanceof OriginError)) {
        throw error;
      }
      x.origin = { name: behavior.originName, place: "", millis: performance.now() - started };
      if (stale !== undefined && mayServeOnError(stale)) {
        return held(stale, distribution, error.status);
      }
      x.detail = error.failure;
      const made = failed(x, error.status, error.message);
      const kept = request.method === "GET" ? lifetimeOf(made, distribution, behavior) : undefined;
      return { ...made, ...(kept && { kept }) };
    }
    const { status, place } = response;
    x.origin = { name: behavior.originName, place, status, millis: performance.now() - started };
    if (stale !== undefined && status === 304) {
      discard(response.body);
      return renewed(stale, response.headers, distribution, behavior);
    }
    if (stale !== undefined && status >= 500 && mayServeOnError(stale)) {
      discard(response.body);
      return held(stale, distribution, status);
    }
    return received(x, distribution, behavior, request, asked, response);
  }

  async function received(
    x: Exchange,
    distribution: Distribution,
    behavior: Behavior,
    request: EdgeRequest,
    asked: OriginRequest,
    response: OriginResponse,
  ): Promise<Fetched> {
    let got: Answer = { ...response, result: response.status >= 400 ? "Error" : "Miss" };
    const after = behavior.functions["origin-response"];
    if (after !== undefined) {
      const event = originEvent(asked, request.address, behavior);
      const outcome = await run(x, distribution, after, "origin-response", event, eventResponse(got));
      if (outcome.kind === "failure") {
        discard(got.body);
        return failedFunction(x, after, outcome);
      }
      if (outcome.kind === "response") {
        got = replaced(got, outcome);
        got.result = got.status >= 400 ? "Error" : "Miss";
      }
    }
    const kept = lifetimeOf(got, distribution, behavior);
    cleanResponse(got.headers, behavior.cachePolicy, behavior.originRequestPolicy);
    return encoded(got, kept, behavior, request);
  }

  function lifetimeOf({ status, headers }: Answer, distribution: Distribution, { cachePolicy }: Behavior) {
    return lifetime(status, headers, cachePolicy, errorTtl(distribution, status));
  }

  /** Compresses an answer if CloudFront would. */
  function encoded(got: Answer, kept: Lifetime | undefined, behavior: Behavior, request: EdgeRequest): Fetched {
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

  function renewed(
    stale: CachedObject,
    headers: Headers,
    distribution: Distribution,
    { cachePolicy, originRequestPolicy }: Behavior,
  ): Refreshed {
    const merged = new Map(stale.headers);
    cleanResponse(headers, cachePolicy, originRequestPolicy);
    for (const [name, values] of headers) {
      // The body is the old one, and so is what describes it (RFC 9111, 3.2).
      if (!/^(content-(length|encoding|range)|etag|vary)$/.test(name)) {
        merged.set(name, values);
      }
    }
    if (!headers.has("age")) {
      merged.delete("age");
    }
    const kept = lifetime(stale.status, merged, cachePolicy, errorTtl(distribution, stale.status));
    const { heldUntil: _, ...object } = stale;
    return { refreshed: { ...object, headers: merged, kept: kept ?? { ...stale.kept, ttl: 0 } }, result: "RefreshHit" };
  }

  /** An object past its time, while the origin fails: served again without asking until the error TTL is over. */
  function held(stale: CachedObject, distribution: Distribution, status: number): Refreshed {
    const heldUntil = parts.now() + errorTtl(distribution, status) * 1000;
    return { refreshed: { ...stale, heldUntil }, result: "Hit" };
  }

  /** The page of a custom error response, if the distribution has one for this status. */
  async function customised(got: Answer, x: Exchange, distribution: Distribution, viewer: Viewer): Promise<Answer> {
    const custom = got.result === "Error" ? distribution.errorResponses.get(got.status) : undefined;
    if (custom?.responsePage === undefined) {
      return got;
    }
    const behavior = distribution.behaviorFor(custom.responsePage);
    const headers: Headers = new Map();
    for (const name of ["accept-encoding", "host"]) {
      const values = viewer.request.headers.get(name);
      if (values !== undefined) {
        headers.set(name, values);
      }
    }
    const request = { ...viewer.request, method: "GET", uri: custom.responsePage, querystring: "", headers };
    const { body: _, ...bodiless } = viewer;
    const page = await obtain(quiet(x), distribution, behavior, request, bodiless);
    if (page.status !== 200) {
      discard(page.body);
      return got;
    }
    discard(got.body);
    return { ...page, status: custom.responseStatus ?? got.status, result: "Error" };
  }

  function isSmall(name: string): boolean {
    return parts.runtimes[name] === "cloudfront-js-2.0";
  }

  async function run(
    x: Exchange,
    distribution: Distribution,
    name: string,
    event: EventType,
    request: CloudFrontRequest,
    response?: CloudFrontResponse,
  ): Promise<Outcome> {
    const context = {
      distributionId: distribution.id,
      distributionDomainName: distribution.domainName,
      requestId: x.requestId,
    };
    const { outcome, millis, logs } = await parts.functions.current().run(name, event, context, request, response);
    x.events.push({ event, name, millis, outcome: told(outcome), logs });
    return outcome;
  }

  function failedFunction(x: Exchange, name: string, failure: Outcome & { kind: "failure" }): Answer {
    const kind = isSmall(name) ? "Function" : "Lambda";
    const what = failure.status === 502 ? "ValidationError" : "ExecutionError";
    return { ...failed(x, failure.status, failure.reason), result: `${kind}${what}` };
  }

  return {
    answer,
    invalidated(distribution, matches) {
      for (const [key, flight] of flights) {
        if (flight.distribution === distribution && flight.paths.some((path) => matches(path))) {
          flights.delete(key);
        }
      }
    },
  };
}

const never = new AbortController().signal;

export function failed(x: Exchange, status: number, reason: string): Answer {
  x.reason = reason;
  const body = errorPage(status, reason, x.requestId);
  const headers: Headers = new Map([
    ["content-type", ["text/html"]],
    ["content-length", [String(body.length)]],
    ["server", ["CloudFront"]],
  ]);
  return { status, headers, body, result: "Error" };
}

function hit(x: Exchange, object: CachedObject): Answer {
  const headers = new Map(object.headers);
  headers.set("age", [String(ageOf(object.kept))]);
  if (object.status >= 400) {
    x.reason ??= "an error that was kept";
  }
  return { status: object.status, headers, body: object.body, result: object.status >= 400 ? "Error" : "Hit" };
}

function miss(fetched: Fetched | { refreshed: CachedObject; result: Result }): Answer {
  if ("refreshed" in fetched) {
    const { status, headers, body } = fetched.refreshed;
    return { status, headers: new Map(headers), body, result: fetched.result };
  }
  const { status, headers, body, result } = fetched;
  // The one that is kept must not change with what this viewer gets.
  return { status, headers: new Map(headers), body, result };
}

/** An exchange for work that no viewer sees. */
function quiet(x: Exchange): Exchange {
  return { ...x, events: [], counted: [] };
}

/** What an invalidation can name: the path with the query that is in the key, as it came and as a function changed it. */
function pathsOf(x: Exchange, { uri, querystring }: EdgeRequest, { cachePolicy }: Behavior): string[] {
  const whole = (path: string, query: string) => {
    const selected = selectQuery(query, cachePolicy.queryStrings ?? "none");
    return oneSpelling(selected === "" ? path : `${path}?${selected}`);
  };
  return [...new Set([whole(uri, querystring), whole(x.uri, x.querystring)])];
}

function errorTtl(distribution: Distribution, status: number): number {
  return distribution.errorResponses.get(status)?.minTtl ?? ERROR_TTL;
}

function conditions(headers: Headers): [string, string[]][] {
  return [...headers].filter(([name]) => /^if-(match|none-match|modified-since|unmodified-since)$/.test(name));
}

function finished(got: Answer, behavior: Behavior): Answer {
  behavior.applyResponsePolicy(got.headers);
  return got;
}

function viewerEvent({ address, method, uri, querystring, headers }: EdgeRequest): CloudFrontRequest {
  return { clientIp: address, method, uri, querystring, headers: toEvent(headers) } as CloudFrontRequest;
}

function originEvent(asked: OriginRequest, address: string, { origin, originSettings }: Behavior): CloudFrontRequest {
  const customHeaders = Object.fromEntries(
    Object.entries(originSettings.headers ?? {}).map(([key, value]) => [key.toLowerCase(), [{ key, value }]]),
  );
  const path = originSettings.path ?? "";
  const place = { customHeaders, domainName: origin.domainName, path };
  const headers = new Map(asked.headers);
  if (!headers.has("host")) {
    headers.set("host", [origin.domainName]);
  }
  return {
    clientIp: address,
    method: asked.method,
    uri: asked.uri,
    querystring: asked.querystring,
    headers: toEvent(headers),
    origin:
      origin.type === "s3"
        ? { s3: { ...place, authMethod: "origin-access-identity", region: "us-east-1" } }
        : {
            custom: {
              ...place,
              keepaliveTimeout: originSettings.keepAliveTimeout ?? 5,
              port: 80,
              protocol: "http",
              readTimeout: originSettings.responseTimeout ?? 30,
              sslProtocols: ["TLSv1.2"],
            },
          },
  } as CloudFrontRequest;
}

type Made = Outcome & { kind: "response" };

const EMPTY = Buffer.alloc(0);

function changed(sent: EdgeRequest, { uri, querystring, headers }: CloudFrontRequest): EdgeRequest {
  return { ...sent, uri, querystring, headers: fromEvent(headers) };
}

function eventResponse({ status, headers }: Answer): CloudFrontResponse {
  return { status: String(status), statusDescription: "", headers: toEvent(headers) };
}

function generated({ response, body = EMPTY }: Made, small: boolean): Answer {
  const headers = fromEvent(response.headers);
  headers.set("content-length", [String(body.length)]);
  if (!headers.has("server")) {
    headers.set("server", ["CloudFront"]);
  }
  const result = small ? "FunctionGeneratedResponse" : "LambdaGeneratedResponse";
  return { status: Number(response.status), headers, body, result };
}

/** The response that a function made of another; the body stays unless it gave one. */
function replaced(got: Answer, { response, body }: Made): Answer {
  const headers = fromEvent(response.headers);
  const status = Number(response.status);
  if (body === undefined) {
    return { ...got, status, headers };
  }
  discard(got.body);
  headers.delete("content-encoding");
  headers.set("content-length", [String(body.length)]);
  return { ...got, status, headers, body };
}

function told(outcome: Outcome): string {
  switch (outcome.kind) {
    case "request":
      return "request";
    case "response":
      return `response ${outcome.response.status}`;
    case "failure":
      return `failure ${outcome.status}: ${outcome.reason}`;
  }
}

export function discard(body: Buffer | Readable): void {
  if (!Buffer.isBuffer(body)) {
    // A pooled connection is of use again only when the rest has been read or the stream is gone.
    body.on("error", () => {}).destroy();
  }
}
