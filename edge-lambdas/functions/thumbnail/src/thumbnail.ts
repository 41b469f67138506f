import { header, log, settings, withRequest } from "@backline/lambda-edge";
import type {
  CloudFrontRequest,
  CloudFrontRequestEvent,
  CloudFrontRequestResult,
  CloudFrontResponse,
  CloudFrontResponseEvent,
  CloudFrontResponseResult,
  CloudFrontResultResponse,
} from "aws-lambda";
import { draw, type Format, MAX_BYTES, UnusableError } from "./picture.ts";
import { encodeKey, type Head, objects } from "./s3.ts";
import { allowedWidth } from "./widths.ts";

const PATH = "/images/";
const ORIGINALS = "originals/";

/** A thumbnail's key says what it was made of, and how: a new original, or a new way to draw, has new keys. */
const THUMBNAILS = "thumbnails/v1/";

/** In browsers and in CloudFront. A new picture under an old name is seen after that time; under a new name, at once. */
const KEPT = "public, max-age=86400";

/** Of what should be better in a minute: the original in place of its thumbnail, a picture that is not there yet. */
const SHORTLY_KEPT = "public, max-age=60";

/** Of all that is done for one request, before Lambda's own limit (20 s) makes it a 5xx. Some files of a few KB take minutes. */
const LIMIT_MILLIS = 15_000;

/** What an original may be served as. */
const SAFE_TYPES = new Set(["image/avif", "image/gif", "image/jpeg", "image/png", "image/webp"]);

const FORMATS: readonly Format[] = ["avif", "webp", "jpeg"];

/**
 * On origin-request: sees to it that the thumbnail is in the bucket and sends CloudFront there for it, so that no answer
 * has to fit into what a function may generate. On origin-response: what is to be said of an original that is served
 * in place of its thumbnail.
 */
export function thumbnail(content: unknown, limitMillis = LIMIT_MILLIS) {
  const config = settings(content);
  const bucket = objects({
    name: config.text("bucket"),
    region: config.text("region"),
    endpoint: config.optionalUrl("endpoint"),
  });

  async function onRequest(request: CloudFrontRequest): Promise<CloudFrontRequestResult> {
    const name = imageName(request.uri);
    if (name === undefined) {
      return text("404", "Not Found", "There is no such image");
    }
    const original = ORIGINALS + name;
    const width = allowedWidth(new URLSearchParams(request.querystring).get("w") ?? undefined);
    const format = FORMATS.find((known) => known === header(request.headers, "x-image-format")) ?? "jpeg";
    try {
      const deadline = performance.now() + limitMillis;
      const signal = AbortSignal.timeout(limitMillis);
      const found = await bucket.head(original, signal);
      if (found === undefined) {
        return text("404", "Not Found", "There is no such image");
      }
      const key = `${THUMBNAILS}${found.etag.replace(/[^0-9a-f-]/g, "")}/${width}.${format}`;
      if ((await bucket.head(key, signal)) === undefined) {
        await make(original, found, key, { width, format, deadline }, signal);
      }
      return from(request, key);
    } catch (error) {
      if (error instanceof UnusableError) {
        log("warn", "image refused", { image: name, reason: error.message });
        return text("415", "Unsupported Media Type", "This is not an image that can be shown");
      }
      log("error", "original in place of its thumbnail", { image: name, width, format, error: asError(error) });
      return from(request, original);
    }
  }

  async function make(
    original: string,
    found: Head,
    key: string,
    { width, format, deadline }: { width: number; format: Format; deadline: number },
    signal: AbortSignal,
  ): Promise<void> {
    if (found.length > MAX_BYTES) {
      throw new UnusableError(`a file of ${found.length} bytes`);
    }
    const begin = performance.now();
    const content = await bucket.get(original, found, signal);
    const drawn = await draw(content, width, format, Math.ceil((deadline - performance.now()) / 1000));
    await bucket.put(key, drawn, { "Content-Type": `image/${format}`, "Cache-Control": KEPT }, signal);
    log("info", "thumbnail made", { key, bytes: drawn.length, millis: Math.round(performance.now() - begin) });
  }

  return (event: CloudFrontRequestEvent | CloudFrontResponseEvent) =>
    withRequest(
      event,
      async (cf): Promise<CloudFrontRequestResult | CloudFrontResponseResult> =>
        "response" in cf ? onResponse(cf.request, cf.response) : onRequest(cf.request),
    );
}

/** A file that claims to be something that browsers run is not served; nosniff keeps the others from being guessed at. */
function onResponse(request: CloudFrontRequest, response: CloudFrontResponse): CloudFrontResponseResult {
  if (!request.uri.startsWith(`/${ORIGINALS}`) || !["200", "206", "304"].includes(response.status)) {
    return response;
  }
  const type = header(response.headers, "content-type")?.toLowerCase();
  if (response.status !== "304" && !SAFE_TYPES.has(type ?? "")) {
    return text("415", "Unsupported Media Type", "This is not an image that can be shown");
  }
  response.headers["cache-control"] = [{ key: "Cache-Control", value: SHORTLY_KEPT }];
  response.headers["x-content-type-options"] = [{ key: "X-Content-Type-Options", value: "nosniff" }];
  return response;
}

/** What stands behind /images/, decoded; undefined where it cannot be a key or would lead to somewhere else. */
function imageName(uri: string): string | undefined {
  if (!uri.startsWith(PATH)) {
    return undefined;
  }
  let name: string;
  try {
    name = decodeURIComponent(uri.slice(PATH.length));
  } catch {
    return undefined;
  }
  const segments = name.split("/");
  const isKey = segments.every((segment) => segment !== "" && segment !== "." && segment !== "..");
  return isKey && Buffer.byteLength(name) <= 900 && !/[\p{Cc}\\]/u.test(name) ? name : undefined;
}

function from(request: CloudFrontRequest, key: string): CloudFrontRequest {
  request.uri = `/${encodeKey(key)}`;
  request.querystring = "";
  return request;
}

function text(status: string, statusDescription: string, body: string): CloudFrontResultResponse {
  return {
    status,
    statusDescription,
    headers: {
      "cache-control": [{ key: "Cache-Control", value: SHORTLY_KEPT }],
      "content-type": [{ key: "Content-Type", value: "text/plain; charset=utf-8" }],
    },
    body,
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
