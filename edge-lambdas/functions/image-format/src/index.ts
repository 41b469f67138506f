import { allowedWidth } from "@backline/thumbnail/widths";
import { viewerKind } from "@backline/user-agents";

// A CloudFront Function: no destructuring, no spread, no for-of, no imports at run time.

/** As much as is used of https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html */
interface ViewerRequestEvent {
  request: { headers: Record<string, Value>; querystring: Record<string, Value> };
}

/** What was sent several times has all of it in `multiValue`. */
interface Value {
  value: string;
  multiValue?: { value: string }[];
}

/**
 * Makes one of three formats and one of five widths of what a client sends, and drops the rest: an image has at most 15
 * objects in the cache. What the client claims about its format is replaced.
 */
export function handler(event: ViewerRequestEvent): ViewerRequestEvent["request"] {
  const request = event.request;
  request.headers["x-image-format"] = { value: format(request.headers) };
  request.querystring = { w: { value: String(allowedWidth(request.querystring.w?.value)) } };
  return request;
}

/** Previews get JPEG whatever they accept: some messengers ask for WebP and then draw nothing. */
function format(headers: Record<string, Value>): "avif" | "webp" | "jpeg" {
  if (viewerKind(headers["user-agent"]?.value) === "preview") {
    return "jpeg";
  }
  const accept = headers.accept;
  const types = accept === undefined ? "" : all(accept).toLowerCase();
  return accepts(types, "image/avif") ? "avif" : accepts(types, "image/webp") ? "webp" : "jpeg";
}

function all(header: Value): string {
  return header.multiValue === undefined ? header.value : header.multiValue.map((line) => line.value).join(",");
}

/** Named, and not with a weight of 0. That anything is accepted does not say that it can be drawn. */
function accepts(types: string, type: string): boolean {
  return types.split(",").some((range) => {
    const parts = range.split(";").map((part) => part.trim());
    return parts[0] === type && !parts.some((part) => /^q=0(\.0*)?$/.test(part));
  });
}
