import { viewerKind } from "@backline/user-agents";

// A CloudFront Function: no destructuring, no spread, no for-of, no imports at run time.

/** As much as is used of https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html */
interface ViewerRequestEvent {
  request: { headers: Record<string, Header> };
}

/** The names of headers are in lower case. One that was sent several times has them all in `multiValue`. */
interface Header {
  value: string;
  multiValue?: { value: string }[];
}

/**
 * Says in `x-viewer-kind` who gets which page. The header of a client that claims to be one or the other is replaced,
 * else anybody could fill the cache with the wrong page.
 */
export function handler(event: ViewerRequestEvent): ViewerRequestEvent["request"] {
  const request = event.request;
  const userAgent = request.headers["user-agent"];
  request.headers["x-viewer-kind"] = { value: viewerKind(userAgent?.value) };
  return request;
}
