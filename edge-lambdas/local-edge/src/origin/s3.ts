import { Readable } from "node:stream";
import type { Origin } from "../configuration/model.ts";
import type { Headers } from "../headers.ts";
import { hasDotSegment } from "../paths.ts";
import { dispatch, pool } from "./dispatch.ts";
import type { OriginClient, OriginResponse } from "./origin.ts";

/** A bucket of an S3-compatible endpoint, given as `http://host:port/bucket`. Requests are not signed. */
export function s3Origin(settings: Origin, url: string): OriginClient {
  const { origin, host, pathname: bucket } = new URL(url);
  const target = pool(origin, settings);
  const name = bucket.slice(1);
  return {
    type: "s3",
    async request(request) {
      // S3 takes dots in a key as they are. A server that keeps objects in files may not.
      if (hasDotSegment(request.path + request.uri)) {
        return accessDenied(`s3 ${name}`);
      }
      const headers = new Map(request.headers).set("host", [host]);
      const query = request.querystring === "" ? "" : `?${request.querystring}`;
      return dispatch(target, `s3 ${name}`, `${bucket}${request.path}${request.uri}${query}`, headers, request);
    },
    close: () => target.destroy(),
  };
}

/** What a bucket answers for a missing key to one who may not list it, as CloudFront's origin access may not. */
export function accessDenied(place: string): OriginResponse {
  const body = Buffer.from(
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
  );
  const headers: Headers = new Map([
    ["content-type", ["application/xml"]],
    ["content-length", [String(body.length)]],
  ]);
  return { status: 403, headers, body: Readable.from([body]), place };
}
