import { isIP, type LookupFunction } from "node:net";
import { type Dispatcher, Pool } from "undici";
import type { Origin } from "../configuration/model.ts";
import { append, type Headers, removeHopByHop, toRaw } from "../headers.ts";
import { ascii } from "../paths.ts";
import { type Failure, OriginError, type OriginRequest, type OriginResponse } from "./origin.ts";

/** CloudFront's quota for a response without its body, in bytes. */
const MAX_HEADERS = 20_480;

/** Connections to an origin; if an address is given, to that one of its name. */
export function pool(url: string, settings: Origin, address?: string): Pool {
  const response = (settings.responseTimeout ?? 30) * 1000;
  return new Pool(url, {
    connectTimeout: (settings.connectionTimeout ?? 10) * 1000,
    ...(address !== undefined && { connect: { lookup: always(address) } }),
    headersTimeout: response,
    bodyTimeout: response,
    keepAliveTimeout: (settings.keepAliveTimeout ?? 5) * 1000,
    keepAliveMaxTimeout: (settings.keepAliveTimeout ?? 5) * 1000,
    maxHeaderSize: MAX_HEADERS,
    allowH2: false,
  });
}

function always(address: string): LookupFunction {
  const family = isIP(address);
  return (_, { all }, found) => {
    if (all) {
      found(null, [{ address, family }]);
    } else {
      found(null, address, family);
    }
  };
}

/** @throws OriginError */
export async function dispatch(
  target: Pool,
  place: string,
  path: string,
  headers: Headers,
  request: OriginRequest,
): Promise<OriginResponse> {
  try {
    const response = await target.request({
      path: ascii(path),
      method: request.method as Dispatcher.HttpMethod,
      headers: toRaw(headers),
      body: (request.body?.() ?? null) as never,
      ...(request.signal && { signal: request.signal }),
    });
    const received: Headers = new Map();
    for (const [name, values] of Object.entries(response.headers)) {
      for (const value of [values ?? []].flat()) {
        append(received, name, value);
      }
    }
    removeHopByHop(received);
    return { status: response.statusCode, headers: received, body: response.body, place };
  } catch (error) {
    throw failureOf(error as Error & { code?: string }, place);
  }
}

const NOT_CONNECTED: Record<string, Failure> = {
  UND_ERR_CONNECT_TIMEOUT: "OriginConnectError",
  ECONNREFUSED: "OriginConnectError",
  EHOSTUNREACH: "OriginConnectError",
  ENETUNREACH: "OriginConnectError",
  EADDRNOTAVAIL: "OriginConnectError",
  ENOTFOUND: "OriginDnsError",
  EAI_AGAIN: "OriginDnsError",
};

function failureOf(error: Error & { code?: string }, place: string): Error {
  const code = error.code ?? "";
  if (error.name === "AbortError" || code === "UND_ERR_ABORTED") {
    return error;
  }
  const failure = NOT_CONNECTED[code];
  if (failure !== undefined) {
    const status = code === "UND_ERR_CONNECT_TIMEOUT" ? 504 : 502;
    return new OriginError(failure, status, `no connection to ${place} (${code})`);
  }
  if (code === "UND_ERR_HEADERS_TIMEOUT") {
    return new OriginError("OriginCommError", 504, `${place} did not answer in time`);
  }
  if (code === "UND_ERR_HEADERS_OVERFLOW" || code === "HPE_HEADER_OVERFLOW") {
    return new OriginError("OriginHeaderTooBigError", 502, `${place} sent more than ${MAX_HEADERS} bytes of headers`);
  }
  if (code.startsWith("HPE_") || error.name === "HTTPParserError") {
    return new OriginError("OriginInvalidResponseError", 502, `${place} did not answer in HTTP (${error.message})`);
  }
  return new OriginError("OriginReadError", 502, `${place} closed the connection (${code || error.message})`);
}
