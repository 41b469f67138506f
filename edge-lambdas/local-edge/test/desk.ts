import { createServer, type IncomingMessage, type RequestListener, request, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { onTestFinished } from "vitest";
import { checkDistributions } from "../src/configuration/distributions.ts";
import { checkEnvironment } from "../src/configuration/environment.ts";
import type { Behavior, CachePolicy, Distributions, Environment } from "../src/configuration/model.ts";
import { type LocalEdge, type Options, startLocalEdge } from "../src/server.ts";

export interface Origin {
  url: string;
  /** What arrived, oldest first. */
  requests: { method: string; url: string; headers: IncomingMessage["headers"]; body: string }[];
  stop(): Promise<void>;
}

/** A service that is asked by the edge. */
export async function origin(
  answer: (request: IncomingMessage, response: ServerResponse, count: number) => void,
): Promise<Origin> {
  const requests: Origin["requests"] = [];
  const listener: RequestListener = async (incoming, response) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of incoming as AsyncIterable<Buffer>) {
        chunks.push(chunk);
      }
    } catch {
      return;
    }
    const { method = "", url = "", headers } = incoming;
    requests.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
    answer(incoming, response, requests.length);
  };
  const server = createServer({ keepAliveTimeout: 60_000 }, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  onTestFinished(stop);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, stop };
}

/** Answers every request with this body and these headers. */
export function page(body: string | Buffer, headers: Record<string, string> = {}, status = 200) {
  return (_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(status, { "content-type": "text/html", "content-length": Buffer.byteLength(body), ...headers });
    response.end(body);
  };
}

export const CACHED: CachePolicy = { minTtl: 0, defaultTtl: 60, maxTtl: 3600 };
export const UNCACHED: CachePolicy = { minTtl: 0, defaultTtl: 0, maxTtl: 0 };
export const ALL_METHODS = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"];

/** One distribution "web" with one origin "service" and one default behavior, and what a test changes of it. */
export function settings(changes: {
  cache?: Partial<CachePolicy>;
  behavior?: Partial<Behavior>;
  distribution?: Partial<Distributions["distributions"][string]>;
  more?: Partial<Distributions>;
}): Distributions {
  return {
    cachePolicies: { cached: { ...CACHED, ...changes.cache }, uncached: UNCACHED },
    ...changes.more,
    distributions: {
      web: {
        origins: { service: { type: "http" } },
        defaultBehavior: { origin: "service", cachePolicy: "cached", ...changes.behavior },
        ...changes.distribution,
      },
    },
  };
}

export function place(target: string | string[], health?: string): Environment {
  return {
    distributions: { web: { id: "EWEB", hosts: ["localhost", "127.0.0.1"] } },
    origins: { service: { targets: [target].flat(), ...(health && { health }) } },
  };
}

/** A running edge that has passed the loader, stopped when the test is over. */
export async function start(
  distributions: Distributions,
  environment: Environment,
  options: Partial<Options> = {},
): Promise<LocalEdge> {
  const file = "distributions.json";
  const checked = checkDistributions(file, distributions);
  const edge = await startLocalEdge({
    file,
    distributions: checked,
    environment: checkEnvironment("environment.json", environment, checked, {}, import.meta.dirname),
    bundles: "there are none",
    port: 0,
    accessLog: "none",
    ...options,
  });
  onTestFinished(() => edge.close());
  return edge;
}

export interface Got {
  status: number;
  headers: Record<string, string | undefined>;
  body: string;
  bytes: Buffer;
}

export interface Ask {
  method?: string;
  host?: string;
  headers?: Record<string, string | string[]>;
  body?: string;
  from?: string;
}

/** Asks the edge over a connection of its own. */
export function ask(edge: { port: number }, path: string, ask: Ask = {}): Promise<Got> {
  return new Promise((resolve, reject) => {
    const sent = request({
      host: "127.0.0.1",
      port: edge.port,
      path,
      method: ask.method ?? "GET",
      headers: { host: ask.host ?? "localhost", ...ask.headers },
      agent: false,
      ...(ask.from && { localAddress: ask.from }),
    });
    sent.on("error", reject);
    sent.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const bytes = Buffer.concat(chunks);
        const headers = Object.fromEntries(
          Object.entries(response.headers).map(([name, value]) => [
            name,
            Array.isArray(value) ? value.join(", ") : value,
          ]),
        );
        resolve({ status: response.statusCode ?? 0, headers, body: bytes.toString(), bytes });
      });
    });
    sent.end(ask.body);
  });
}

export function result({ headers }: Got): string | undefined {
  return headers["x-cache"]?.replace(" from cloudfront", "");
}

/** Sends bytes as they are and gives back all that comes until the connection is closed. */
export function raw({ port }: { port: number }, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(text, "latin1"));
    const chunks: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("close", () => resolve(Buffer.concat(chunks).toString("latin1")));
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "ECONNRESET" && error.code !== "EPIPE") {
        reject(error);
      }
    });
  });
}
