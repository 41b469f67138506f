import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from "node:http";
import { type AddressInfo, type Socket, Server as TcpServer } from "node:net";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { accessLog } from "./access-log.ts";
import { openBundles } from "./bundles.ts";
import { objectCache } from "./cache.ts";
import { notModified, rangeOf } from "./conditional.ts";
import type { Distributions, Environment } from "./configuration/model.ts";
import { viewerHeaders } from "./device.ts";
import { type Distribution, openDistributions } from "./distribution.ts";
import { edge } from "./edge.ts";
import { errorPage } from "./error-page.ts";
import { type Exchange, newRequestId, traceId } from "./exchange.ts";
import { type Headers, header, removeHopByHop, toRaw } from "./headers.ts";
import { inspector } from "./inspector.ts";
import { invalidationApi } from "./invalidation.ts";
import { log } from "./log.ts";
import { type Resolve, resolveAll } from "./origin/targets.ts";
import { removeForged } from "./origin-request.ts";
import { POP } from "./pop.ts";
import { type Parsed, parse } from "./viewer-request.ts";
import { type Answer, discard, failed } from "./visit.ts";

export interface Options {
  /** The name of distributions.json in messages. */
  file: string;
  distributions: Distributions;
  environment: Environment;
  /** Folder with the bundle of each function in a folder of its name. */
  bundles: string;
  address?: string;
  /** 0 takes any free one. */
  port?: number;
  /**
   * A port of its own for invalidations and the page of requests, so that the viewers' port can be published. Without it
   * viewers' port has both. 0 takes any free one.
   */
  controlPort?: number;
  /** A file, "-" for stdout, or "none". */
  accessLog?: string;
  /** Bytes; 256 MB unless told, enough for a desk and small beside a browser. */
  cacheBytes?: number;
  /** Bytes of the largest object that is kept; 16 MB unless told. */
  objectBytes?: number;
  /** Milliseconds between health checks of a target; 2 s unless told. */
  healthInterval?: number;
  /** Asked for the addresses of targets that are names; the machine's resolver unless told. */
  resolve?: Resolve;
}

export interface LocalEdge {
  port: number;
  controlPort?: number;
  /**
   * Stops accepting, finishes what is under way, closes the rest.
   *
   * @param longest milliseconds until what is under way is broken off; 20 s unless told, as long as most functions may run
   */
  close(longest?: number): Promise<void>;
}

// Larger than CloudFront's limits, so that these are told in its words.
const MAX_HEADER_SIZE = 128 * 1024;
const MAX_API_BODY = 1024 * 1024;
const LONGEST_CLOSE_MILLIS = 20_000;

/** Starts a CloudFront for the desk. */
export async function startLocalEdge(options: Options): Promise<LocalEdge> {
  const { distributions: all, environment, healthInterval = 2_000 } = options;
  const objectBytes = options.objectBytes ?? 16 * 1024 * 1024;
  const cacheBytes = options.cacheBytes ?? 256 * 1024 * 1024;
  const cache = objectCache(cacheBytes, objectBytes);
  const bundles = openBundles(options.file, all, environment, options.bundles, log);
  const distributions = openDistributions(all, environment, healthInterval, options.resolve ?? resolveAll);
  const byHost = new Map(distributions.flatMap((each) => each.hosts.map((host) => [host, each] as const)));
  const runtimes = Object.fromEntries(Object.entries(all.functions ?? {}).map(([name, each]) => [name, each.runtime]));
  const pipe = edge({
    cache,
    maxObject: objectBytes,
    maxUnderWay: cacheBytes,
    functions: bundles.functions,
    runtimes,
    viewerHeaders: viewerHeaders(environment.countries),
  });
  const api = invalidationApi(distributions, (name, matches) => {
    pipe.invalidated(name, matches);
    cache.invalidate(name, matches);
  });
  const page = inspector(cache, byHost);
  const records = accessLog(options.accessLog ?? "-");
  warnAboutManagedRules(all);

  const open = new Set<ServerResponse>();

  const server = createServer({ maxHeaderSize: MAX_HEADER_SIZE, keepAliveTimeout: 65_000 }, (request, response) => {
    const x = exchange(request);
    open.add(response);
    response.on("close", () => open.delete(response));
    serve(x, request, response).catch((error: unknown) => {
      log("error", "a request failed", { requestId: x.requestId, error: String(error) });
      response.destroy();
    });
  });
  server.on("clientError", refuse);

  async function serve(x: Exchange, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parsed = parse(request);
    if ("status" in parsed) {
      response.setHeader("connection", "close");
      x.uri = (request.url ?? "").slice(0, 200);
      return respond(x, request, response, failed(x, parsed.status, parsed.reason));
    }
    if (page.serves(request, parsed)) {
      return page.serve(request, response, parsed);
    }
    if (options.controlPort === undefined && api.serves(parsed.uri)) {
      return serveApi(x, request, response, parsed);
    }
    Object.assign(x, { host: parsed.host, uri: parsed.uri, querystring: parsed.querystring });
    const distribution = byHost.get(parsed.host);
    const answer =
      distribution === undefined
        ? failed(x, 403, `No distribution has the host ${parsed.host || "(none)"}.`)
        : await ask(x, distribution, request, response, parsed);
    await respond(x, request, response, answer, distribution, parsed);
  }

  async function serveControl(x: Exchange, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parsed = parse(request);
    if ("status" in parsed) {
      return respond(x, request, response, failed(x, parsed.status, parsed.reason));
    }
    if (page.servesControl(parsed)) {
      return page.serve(request, response, parsed);
    }
    if (api.serves(parsed.uri)) {
      return serveApi(x, request, response, parsed);
    }
    response.writeHead(404).end();
  }

  async function ask(
    x: Exchange,
    distribution: Distribution,
    request: IncomingMessage,
    response: ServerResponse,
    { uri, querystring, headers }: Parsed,
  ): Promise<Answer> {
    x.distribution = distribution.name;
    x.traceId = traceId(header(headers, "x-amzn-trace-id"));
    const sent: Headers = new Map(headers);
    removeHopByHop(sent);
    removeForged(sent);
    sent.set("x-amzn-trace-id", [x.traceId]);
    const gone = new AbortController();
    response.on("close", () => {
      if (!response.writableEnded) {
        gone.abort();
      }
    });
    try {
      return await pipe.answer(x, distribution, {
        request: {
          method: request.method ?? "GET",
          uri,
          querystring,
          headers: sent,
          address: x.viewer,
          compressible: request.httpVersion !== "1.0",
        },
        sent: headers,
        port: request.socket.remotePort ?? 0,
        httpVersion: request.httpVersion,
        signal: gone.signal,
        ...(hasBody(headers) && { body: () => bodyOf(request) }),
      });
    } catch (error) {
      if (!gone.signal.aborted) {
        log("error", "a request failed", { requestId: x.requestId, error: (error as Error).stack ?? String(error) });
      }
      x.detail = gone.signal.aborted ? "ClientCommError" : "Error";
      return failed(x, 502, "local-edge failed; its log says more.");
    }
  }

  async function respond(
    x: Exchange,
    request: IncomingMessage,
    response: ServerResponse,
    answer: Answer,
    distribution?: Distribution,
    parsed?: Parsed,
  ): Promise<void> {
    const before = request.socket.bytesWritten;
    const sent = parsed?.headers ?? new Map();
    const final = partOf(answer, request.method ?? "GET", sent);
    const { headers, body } = final;
    headers.set("x-cache", [`${final.result} from cloudfront`]);
    headers.set("via", [distribution?.via ?? "1.1 localedge.cloudfront.net (CloudFront)"]);
    headers.set("x-amz-cf-pop", [POP]);
    headers.set("x-amz-cf-id", [x.requestId]);
    x.result = final.result;
    x.status = final.status;
    const record = () => {
      x.finished = performance.now() - x.started;
      x.bytes = Math.max(0, request.socket.bytesWritten - before);
      if (!response.writableEnded) {
        x.detail ??= "ClientCommError";
      }
      page.record(x);
      const from = { port: request.socket.remotePort ?? 0, requestBytes: parsed?.bytes ?? 0 };
      records.write(x, { request, sent, response: headers, ...(distribution && { distribution }), ...from });
      logFunctions(x);
    };
    if (response.closed) {
      discard(body);
      record();
      return;
    }
    response.on("close", record);
    if ((hasBody(sent) && !request.complete) || !server.listening) {
      // Nobody will read the rest of an upload that was answered before its end, nor another request when closing.
      response.setHeader("connection", "close");
    }
    try {
      response.writeHead(final.status, STATUS_CODES[final.status] ?? "", withConnection(headers, response));
    } catch (error) {
      discard(body);
      log("error", "a response could not be sent", { requestId: x.requestId, error: String(error) });
      response.writeHead(502).end();
      return;
    }
    x.firstByte = performance.now() - x.started;
    await send(body, request.method === "HEAD", final.status, response);
  }

  async function serveApi(x: Exchange, request: IncomingMessage, response: ServerResponse, parsed: Parsed) {
    // A page that a developer opens may send a form to any address; browsers say so, SDKs have no reason to.
    if (parsed.headers.has("origin") || parsed.headers.has("sec-fetch-site")) {
      return respond(x, request, response, failed(x, 403, "The API is not for web pages."));
    }
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_API_BODY) {
        response.writeHead(413, { connection: "close" }).end();
        return;
      }
      chunks.push(chunk);
    }
    const query = new URLSearchParams(parsed.querystring);
    const body = Buffer.concat(chunks).toString("utf8");
    const answer = api.answer(request.method ?? "GET", parsed.uri, query, body, x.requestId);
    const length = Buffer.byteLength(answer.body);
    response.writeHead(answer.status, { ...answer.headers, "content-length": length, "x-amzn-requestid": x.requestId });
    response.end(answer.body);
  }

  const control = createServer((request, response) => {
    const x = exchange(request);
    serveControl(x, request, response).catch((error: unknown) => {
      log("error", "a request failed", { requestId: x.requestId, error: String(error) });
      response.destroy();
    });
  });
  try {
    await listen(server, options.port ?? 8080, options.address);
    if (options.controlPort !== undefined) {
      await listen(control, options.controlPort, options.address);
    }
  } catch (error) {
    // An open one would keep the process alive.
    server.close();
    throw error;
  }

  async function close(longest = LONGEST_CLOSE_MILLIS): Promise<void> {
    // Not the HTTP server's own close(): it cuts connections whose answer is handed over but not sent yet.
    const closed = new Promise((resolve) => TcpServer.prototype.close.call(server, resolve));
    const late = setTimeout(() => server.closeAllConnections(), longest);
    while (open.size > 0) {
      await Promise.all([...open].map((response) => once(response, "close")));
    }
    clearTimeout(late);
    server.closeAllConnections();
    await closed;
    control.close();
    control.closeAllConnections();
    await Promise.all(distributions.map((distribution) => distribution.close()));
    await bundles.close();
    await records.close();
  }

  return { port: portOf(server), ...(options.controlPort !== undefined && { controlPort: portOf(control) }), close };
}

function listen(server: Server, port: number, address = "127.0.0.1"): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, address, resolve);
  });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function exchange(request: IncomingMessage): Exchange {
  return {
    requestId: newRequestId(),
    traceId: "",
    time: new Date(),
    started: performance.now(),
    method: request.method ?? "",
    host: "",
    uri: "",
    querystring: "",
    viewer: (request.socket.remoteAddress ?? "").replace(/^::ffff:/, ""),
    events: [],
    counted: [],
    result: "Error",
    status: 0,
    bytes: 0,
    firstByte: 0,
    finished: 0,
  };
}

/** A 304 or a part, where the viewer asked for one and the answer is there as a whole. */
function partOf(answer: Answer, method: string, sent: Headers): Answer {
  // The page of a custom error response is not what was asked for, whatever its status.
  if (answer.status !== 200 || answer.result === "Error" || !/^(GET|HEAD)$/.test(method)) {
    return answer;
  }
  const headers = answer.headers;
  if (notModified(sent, headers)) {
    discard(answer.body);
    for (const name of ["content-length", "content-encoding", "content-type", "content-range"]) {
      headers.delete(name);
    }
    return { ...answer, status: 304, body: Buffer.alloc(0) };
  }
  if (!Buffer.isBuffer(answer.body) || method === "HEAD") {
    return answer;
  }
  const range = rangeOf(sent, headers, answer.body.length);
  if (range === "all") {
    return answer;
  }
  const whole = answer.body.length;
  if (range === "unsatisfiable") {
    headers
      .set("content-range", [`bytes */${whole}`])
      .set("content-length", ["0"])
      .delete("content-type");
    return { ...answer, status: 416, body: Buffer.alloc(0), result: "Error" };
  }
  const body = answer.body.subarray(range.start, range.end + 1);
  headers.set("content-range", [`bytes ${range.start}-${range.end}/${whole}`]);
  headers.set("content-length", [String(body.length)]);
  return { ...answer, status: 206, body };
}

function withConnection(headers: Headers, response: ServerResponse): string[] {
  const connection = response.getHeader("connection");
  const raw = toRaw(headers);
  return connection === undefined ? raw : [...raw, "connection", String(connection)];
}

async function send(body: Buffer | Readable, head: boolean, status: number, response: ServerResponse): Promise<void> {
  if (Buffer.isBuffer(body)) {
    response.end(head || status === 304 || status === 204 ? undefined : body);
    return;
  }
  if (head) {
    discard(body);
    response.end();
    return;
  }
  // What is broken off must look so to the viewer: pipeline() destroys the response then.
  await pipeline(body, response).catch(() => {});
}

function hasBody(headers: Headers): boolean {
  return headers.has("transfer-encoding") || Number(header(headers, "content-length") ?? 0) > 0;
}

async function* bodyOf(request: IncomingMessage): AsyncGenerator<Uint8Array> {
  yield* request.iterator({ destroyOnReturn: false });
}

/** Answers what Node's parser refuses: among them two lengths of one body, with which requests are smuggled. */
function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const status = error.code === "HPE_HEADER_OVERFLOW" ? 494 : error.code === "ERR_HTTP_REQUEST_TIMEOUT" ? 408 : 400;
  const requestId = newRequestId();
  const body = errorPage(status, error.message, requestId);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Bad Request"}\r\nContent-Type: text/html\r\nContent-Length: ${body.length}\r\n` +
      `Server: CloudFront\r\nX-Cache: Error from cloudfront\r\nX-Amz-Cf-Pop: ${POP}\r\nX-Amz-Cf-Id: ${requestId}\r\nConnection: close\r\n\r\n${body}`,
  );
}

function logFunctions(x: Exchange): void {
  for (const { event, name, outcome, logs } of x.events) {
    const fields = { function: name, event, requestId: x.requestId, traceId: x.traceId };
    if (outcome.startsWith("failure")) {
      log("error", outcome, fields);
    }
    for (const line of logs) {
      if (line.startsWith("{")) {
        // A function's own JSON has its ids already.
        process.stderr.write(`${line.trimEnd()}\n`);
      } else {
        log("info", line.trimEnd(), fields);
      }
    }
  }
}

function warnAboutManagedRules({ webAcls = {} }: Distributions): void {
  const managed = Object.values(webAcls).flatMap(({ rules }) => rules.flatMap((rule) => rule.managed ?? []));
  if (managed.length > 0) {
    log("info", "rule groups that only AWS can evaluate are left out", { groups: [...new Set(managed)] });
  }
}
