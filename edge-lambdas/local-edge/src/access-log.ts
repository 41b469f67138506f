import { createWriteStream, openSync, type WriteStream } from "node:fs";
import type { IncomingMessage } from "node:http";
import { ConfigurationError } from "./configuration/problems.ts";
import type { Distribution } from "./distribution.ts";
import type { Exchange } from "./exchange.ts";
import { type Headers, header } from "./headers.ts";
import { POP } from "./pop.ts";

export interface Logged {
  request: IncomingMessage;
  sent: Headers;
  response: Headers;
  distribution?: Distribution;
  port: number;
  requestBytes: number;
}

export interface AccessLog {
  write(x: Exchange, logged: Logged): void;
  close(): Promise<void>;
}

const FIELDS =
  "date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version fle-status fle-encrypted-fields c-port time-to-first-byte x-edge-detailed-result-type sc-content-type sc-content-len sc-range-start sc-range-end";

const FLUSH_MILLIS = 50;

/** At once, so that a place that can't be written is an error of the start and not of the first request. */
function opened(place: string): number {
  try {
    return openSync(place, "a");
  } catch (error) {
    const message = `cannot be written (${(error as NodeJS.ErrnoException).code}); name a file in a folder that is there`;
    throw new ConfigurationError([{ file: place, path: "--access-log", message }]);
  }
}

/**
 * CloudFront's standard access log: 33 fields, tabs between them.
 *
 * @param place a file that is appended to, "-" for stdout, or "none"
 */
export function accessLog(place: string): AccessLog {
  if (place === "none") {
    return { write() {}, close: async () => {} };
  }
  const out: WriteStream | NodeJS.WriteStream =
    place === "-" ? process.stdout : createWriteStream(place, { fd: opened(place) });
  let lines = `#Version: 1.0\n#Fields: ${FIELDS}\n`;
  let timer: NodeJS.Timeout | undefined;
  // One write for many lines: a write to a terminal or a pipe holds up everything else.
  const flush = () => {
    timer = undefined;
    out.write(lines);
    lines = "";
  };
  return {
    write(x, logged) {
      lines += `${line(x, logged)}\n`;
      timer ??= setTimeout(flush, FLUSH_MILLIS);
    },
    close() {
      clearTimeout(timer);
      if (lines !== "") {
        flush();
      }
      return new Promise((resolve) => {
        if (out === process.stdout) {
          resolve();
        } else {
          out.end(resolve);
        }
      });
    },
  };
}

function line(x: Exchange, { request, sent, response, distribution, port, requestBytes }: Logged): string {
  const [date, time] = x.time.toISOString().split("T");
  const [, from, to] = /^bytes (\d+)-(\d+)\//.exec(header(response, "content-range") ?? "") ?? [];
  const aborted = !request.complete || x.detail === "ClientCommError";
  return [
    date,
    time?.slice(0, 8),
    POP,
    x.bytes,
    x.viewer,
    x.method,
    distribution?.domainName ?? "-",
    field(x.uri),
    x.firstByte === 0 ? "000" : String(x.status).padStart(3, "0"),
    field(header(sent, "referer")),
    field(header(sent, "user-agent")),
    field(x.querystring),
    // Cookie logging is off, as it is in a new distribution.
    "-",
    aborted ? "Error" : x.result,
    x.requestId,
    field(x.host),
    "http",
    requestBytes,
    seconds(x.finished),
    field(header(sent, "x-forwarded-for")),
    "-",
    "-",
    x.result,
    `HTTP/${request.httpVersion}`,
    "-",
    "-",
    port,
    seconds(x.firstByte),
    x.detail ?? x.result,
    field(header(response, "content-type")),
    field(header(response, "content-length")),
    from ?? "-",
    to ?? "-",
  ].join("\t");
}

function seconds(millis: number): string {
  return (millis / 1000).toFixed(3);
}

/** URL-encodes what would break a line, as CloudFront does: control characters, spaces, quotes, bytes beyond ASCII. */
function field(value: string | undefined): string {
  if (value === undefined || value === "") {
    return "-";
  }
  return value.replace(
    /[^\x21\x23-\x26\x28-\x5b\x5d-\x7e]/g,
    // Node hands out the bytes of headers and targets as Latin-1.
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}
