import type { Readable } from "node:stream";
import { constants, createBrotliCompress, createGzip } from "node:zlib";
import { type Headers, header } from "./headers.ts";

// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html
const SMALLEST = 1_000;
const LARGEST = 10_000_000;
const TYPES = new Set(
  `application/dash+xml application/eot application/font application/font-sfnt application/javascript application/json
  application/opentype application/otf application/pkcs7-mime application/protobuf application/rss+xml
  application/truetype application/ttf application/vnd.apple.mpegurl application/vnd.mapbox-vector-tile
  application/vnd.ms-fontobject application/xhtml+xml application/xml application/x-font-opentype
  application/x-font-truetype application/x-font-ttf application/x-httpd-cgi application/x-javascript
  application/x-mpegurl application/x-opentype application/x-otf application/x-perl application/x-ttf font/eot
  font/opentype font/otf font/ttf image/svg+xml text/css text/csv text/html text/javascript text/js text/plain
  text/richtext text/tab-separated-values text/xml text/x-component text/x-java-source text/x-script
  vnd.apple.mpegurl`.split(/\s+/),
);

/**
 * Whether CloudFront compresses a response.
 *
 * @param accepted the normalised Accept-Encoding
 */
export function compresses(status: number, headers: Headers, accepted: string | undefined): boolean {
  const length = Number(header(headers, "content-length") ?? Number.NaN);
  const type = header(headers, "content-type")?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  return (
    accepted !== undefined &&
    [200, 403, 404].includes(status) &&
    !headers.has("content-encoding") &&
    length >= SMALLEST &&
    length <= LARGEST &&
    TYPES.has(type)
  );
}

/** Compresses a body, and says so in its headers: the length is unknown, a strong ETag becomes weak. */
export function compressed(body: Readable, headers: Headers, accepted: string): Readable {
  const encoding = accepted.startsWith("br") ? "br" : "gzip";
  headers.set("content-encoding", [encoding]);
  headers.set("vary", [...(headers.get("vary") ?? []), "Accept-Encoding"]);
  headers.delete("content-length");
  const etag = header(headers, "etag");
  if (etag?.startsWith('"')) {
    headers.set("etag", [`W/${etag}`]);
  } else if (etag !== undefined && !etag.startsWith("W/")) {
    headers.delete("etag");
  }
  const compressor =
    encoding === "br"
      ? createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })
      : createGzip({ level: 6 });
  // pipeline() would leave the origin's error unseen by who reads: hand it on.
  body.on("error", (error) => compressor.destroy(error));
  compressor.on("close", () => body.destroy());
  return body.pipe(compressor);
}
