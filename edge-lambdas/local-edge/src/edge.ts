import type { ObjectCache } from "./cache.ts";
import type { ViewerHeaders } from "./device.ts";
import type { Behavior, Distribution } from "./distribution.ts";
import { changedRequest, eventResponse, generated, replaced, viewerEvent } from "./events.ts";
import type { Exchange } from "./exchange.ts";
import type { EdgeFunctions } from "./functions/index.ts";
import type { Headers } from "./headers.ts";
import { type Lookup, lookup } from "./lookup.ts";
import { originFetch } from "./origin-fetch.ts";
import type { EdgeRequest } from "./origin-request.ts";
import { functionRunner } from "./run-function.ts";
import { type Answer, discard, failed, unseen, type Viewer, type Visit } from "./visit.ts";

export interface EdgeParts {
  cache: ObjectCache;
  /** Bytes. */
  maxObject: number;
  maxUnderWay: number;
  functions: EdgeFunctions;
  runtimes: Record<string, string>;
  viewerHeaders: ViewerHeaders;
}

export interface Edge extends Pick<Lookup, "invalidated"> {
  answer(x: Exchange, distribution: Distribution, viewer: Viewer): Promise<Answer>;
}

/** A viewer's request from the firewall to the viewer-response function. */
export function edge({ cache, maxObject, maxUnderWay, viewerHeaders, ...parts }: EdgeParts): Edge {
  const now = () => Date.now();
  const functions = functionRunner(parts.functions, parts.runtimes);
  const fetch = originFetch(functions, now);
  const { obtain, invalidated } = lookup(cache, fetch, { object: maxObject, underWay: maxUnderWay }, now);

  async function answer(x: Exchange, distribution: Distribution, viewer: Viewer): Promise<Answer> {
    const { request } = viewer;
    const behavior = distribution.behaviorFor(request.uri);
    const visit: Visit = { x, distribution, behavior, request, viewer };
    const refused = refusal(visit);
    if (refused !== undefined) {
      return customised(visit, refused);
    }
    return viewerEvents(visit);
  }

  async function viewerEvents(sent: Visit): Promise<Answer> {
    const { behavior, distribution, viewer } = sent;
    const visit = { ...sent };
    const first = behavior.functions["viewer-request"];
    // Lambda@Edge sees CloudFront's own headers from origin-request on, a CloudFront Function at once.
    if (first === undefined || functions.isCloudFrontFunction(first)) {
      addViewerHeaders(visit.request, behavior, viewer);
    }
    const outcome = await functions.run(visit, "viewer-request", () => viewerEvent(visit.request));
    if (outcome?.kind === "failure") {
      return functions.failure(visit, "viewer-request", outcome);
    }
    if (outcome?.kind === "response") {
      const made = generated(outcome, functions.isCloudFrontFunction(first ?? ""));
      behavior.applyResponsePolicy(made.headers);
      return made;
    }
    if (outcome?.kind === "request") {
      visit.request = changedRequest(visit.request, outcome.request);
      addViewerHeaders(visit.request, behavior, viewer);
    }
    if (visit.request.uri === "/" && distribution.defaultRootObject !== undefined) {
      visit.request = { ...visit.request, uri: `/${distribution.defaultRootObject}` };
    }
    const found = await customised(visit, await obtain(visit));
    behavior.applyResponsePolicy(found.headers);
    return found.status >= 400 ? found : viewerResponse(sent, found);
  }

  async function viewerResponse(visit: Visit, found: Answer): Promise<Answer> {
    const outcome = await functions.run(
      visit,
      "viewer-response",
      () => viewerEvent(visit.request),
      () => eventResponse(found),
    );
    if (outcome?.kind === "failure") {
      discard(found.body);
      return functions.failure(visit, "viewer-response", outcome);
    }
    return outcome?.kind === "response" ? replaced(found, outcome) : found;
  }

  /** The page of a custom error response, if the distribution has one for this status. */
  async function customised(visit: Visit, got: Answer): Promise<Answer> {
    const custom = got.result === "Error" ? visit.distribution.errorResponses.get(got.status) : undefined;
    if (custom?.responsePage === undefined) {
      return got;
    }
    const page = await obtain(errorPageVisit(visit, custom.responsePage));
    if (page.status !== 200) {
      discard(page.body);
      return got;
    }
    discard(got.body);
    return { ...page, status: custom.responseStatus ?? got.status, result: "Error" };
  }

  function addViewerHeaders(request: EdgeRequest, behavior: Behavior, { port, httpVersion }: Viewer): void {
    const { address, headers } = request;
    for (const name of behavior.viewerHeaders) {
      const value = viewerHeaders({ address, port, httpVersion, headers }, name);
      if (value !== undefined) {
        headers.set(name, [value]);
      }
    }
  }

  return { answer, invalidated };
}

/** Why a request gets no further than the edge. */
function refusal({ x, distribution, behavior, request, viewer }: Visit): Answer | undefined {
  const verdict = distribution.firewall?.({ address: request.address, uri: request.uri, headers: viewer.sent });
  x.counted = verdict?.counted ?? [];
  if (verdict?.action === "block") {
    x.detail = "InvalidRequestBlocked";
    const by = verdict.rule === undefined ? "the web ACL's default action" : `the WAF rule ${verdict.rule}`;
    return failed(x, 403, `Request blocked by ${by}.`);
  }
  x.behavior = behavior.name;
  if (!behavior.allowedMethods.includes(request.method)) {
    x.detail = "InvalidRequestMethod";
    return failed(x, 403, `This behavior allows ${behavior.allowedMethods.join(", ")} only.`);
  }
  if (viewer.body !== undefined && /^(GET|HEAD)$/.test(request.method)) {
    return failed(x, 403, `A ${request.method} request may not have a body.`);
  }
  return undefined;
}

function errorPageVisit(visit: Visit, uri: string): Visit {
  const headers: Headers = new Map();
  for (const name of ["accept-encoding", "host"]) {
    const values = visit.viewer.request.headers.get(name);
    if (values !== undefined) {
      headers.set(name, values);
    }
  }
  const { body: _, ...viewer } = visit.viewer;
  const request = { ...visit.request, method: "GET", uri, querystring: "", headers };
  return { ...unseen({ ...visit, viewer }), behavior: visit.distribution.behaviorFor(uri), request };
}
