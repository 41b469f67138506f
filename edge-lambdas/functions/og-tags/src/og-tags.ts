import { cut, getItem, header, log, nearest, settings, withRequest } from "@backline/lambda-edge";
import type {
  CloudFrontRequest,
  CloudFrontRequestEvent,
  CloudFrontResponse,
  CloudFrontResponseEvent,
  CloudFrontResultResponse,
} from "aws-lambda";
import { readCampaign } from "./campaign.ts";
import { campaignUrl, closedPage, previewPage, type Site, unknownPage } from "./page.ts";
import { readPath } from "./slug.ts";

/** After that a messenger may give up. It gets the plain page instead. */
const LONGEST_READ_MILLIS = 800;

/**
 * How long CloudFront keeps an answer, in seconds; browsers do not. A change is invalidated at once, but a replica that
 * hears of it after that brings the old page back: hence no longer. What may be right any moment is kept shortly.
 */
const KEEP = { page: 300, unknown: 10, failure: 5 };

/** A path can have 8 KB, a slug that is one has 80 characters. */
const LOGGED_LENGTH = 200;

type Result = CloudFrontRequest | CloudFrontResponse | CloudFrontResultResponse;

/**
 * The function for both events of an origin: at origin-request a preview gets its page and everybody else the site's;
 * at origin-response the site's page that a preview got because of a failure is marked to be kept shortly.
 */
export function ogTags(config: unknown): (event: CloudFrontRequestEvent | CloudFrontResponseEvent) => Promise<Result> {
  const { text, url, optionalUrl, regions } = settings(config);
  const site: Site = { url: url("siteUrl"), name: text("siteName") };
  const source = { table: text("table"), region: nearest(regions("replicas")), endpoint: optionalUrl("endpoint") };

  async function respond(uri: string): Promise<CloudFrontResultResponse> {
    const address = readPath(uri);
    if (address === undefined) {
      return html(404, KEEP.unknown, unknownPage(site));
    }
    const { slug, canonical } = address;
    if (!canonical) {
      return redirect(campaignUrl(site, slug));
    }
    const signal = AbortSignal.timeout(LONGEST_READ_MILLIS);
    const item = await getItem({ ...source, key: { slug: { S: slug } }, signal });
    const campaign = item && readCampaign(item);
    switch (campaign?.status) {
      case undefined:
        return html(404, KEEP.unknown, unknownPage(site));
      case "closed":
        return html(410, KEEP.page, closedPage(site));
      case "published":
        return html(200, KEEP.page, previewPage(site, slug, campaign));
    }
  }

  async function onRequest(request: CloudFrontRequest): Promise<Result> {
    if (isPreview(request)) {
      const uri = cut(request.uri, LOGGED_LENGTH);
      const begin = performance.now();
      const millis = () => Math.round(performance.now() - begin);
      try {
        const response = await respond(request.uri);
        log("info", "Answered a preview", { uri, status: response.status, millis: millis() });
        return response;
      } catch (error) {
        log("error", "Let a preview have the plain page", { uri, error, millis: millis() });
      }
    }
    request.uri = "/index.html";
    return request;
  }

  return (event) =>
    withRequest(event, async (cf) => ("response" in cf ? onResponse(cf.request, cf.response) : onRequest(cf.request)));
}

function onResponse(request: CloudFrontRequest, response: CloudFrontResponse): CloudFrontResponse {
  if (isPreview(request)) {
    response.headers["cache-control"] = keep(KEEP.failure);
  }
  return response;
}

/** Set by the viewer-request function, whatever the client sent. */
function isPreview(request: CloudFrontRequest): boolean {
  return header(request.headers, "x-viewer-kind") === "preview";
}

function html(status: number, seconds: number, body: string): CloudFrontResultResponse {
  return {
    status: String(status),
    headers: {
      "content-type": [{ key: "Content-Type", value: "text/html;charset=utf-8" }],
      "cache-control": keep(seconds),
    },
    body,
  };
}

/** To the one path that is invalidated when the campaign changes. */
function redirect(location: string): CloudFrontResultResponse {
  return {
    status: "301",
    headers: { location: [{ key: "Location", value: location }], "cache-control": keep(KEEP.page) },
  };
}

function keep(seconds: number) {
  return [{ key: "Cache-Control", value: `public, max-age=0, s-maxage=${seconds}` }];
}
