import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import aws4 from "aws4";

/** Connections stay open between invocations: a new one costs two or three round trips to the region. */
const agents = { "http:": new HttpAgent({ keepAlive: true }), "https:": new HttpsAgent({ keepAlive: true }) };

export interface SignedRequest {
  service: "dynamodb" | "s3" | "sqs";
  region: string;
  method: string;
  /** Encoded as the service wants it signed. */
  path: string;
  headers: Record<string, string>;
  body?: string | Buffer;
  /** Ends the request and the reading of its answer. */
  signal: AbortSignal;
}

/** One request to AWS, signed with the function's own credentials, over a connection that is kept. */
export function sendSigned(
  { protocol, hostname, host, port }: URL,
  { signal, ...request }: SignedRequest,
): Promise<IncomingMessage> {
  const { method, path } = request;
  // Signing adds to the headers it is given, and a repeated request would have its old signature signed.
  const { headers } = aws4.sign({ ...request, host, headers: { ...request.headers } });
  const secure = protocol === "https:";
  return new Promise((resolve, reject) => {
    (secure ? httpsRequest : httpRequest)({
      agent: secure ? agents["https:"] : agents["http:"],
      hostname,
      port,
      method,
      path,
      headers,
      signal,
    })
      .on("response", resolve)
      .on("error", reject)
      .end(request.body);
  });
}
