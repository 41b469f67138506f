import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export type Answer = (response: ServerResponse) => void;

export interface Read {
  TableName: string;
  Key: Record<string, { S: string }>;
  headers: IncomingHttpHeaders;
}

export interface Message {
  QueueUrl: string;
  MessageBody: string;
  MessageSystemAttributes?: { AWSTraceHeader: { DataType: string; StringValue: string } };
}

/** GetItem and SendMessage as AWS speaks them, on a port of its own. Answers as it is told to. */
export async function startAws() {
  /** By the value of their key. */
  const items = new Map<string, unknown>();
  const reads: Read[] = [];
  const messages: Message[] = [];
  /** In place of what AWS would answer: `next` once each, the others always. */
  const answers: { next: Answer[]; getItem?: Answer; sendMessage?: Answer } = { next: [] };

  const server = createServer(async (request, response) => {
    const body = JSON.parse(await text(request));
    if (request.headers["x-amz-target"] === "DynamoDB_20120810.GetItem") {
      const { TableName, Key } = body as Read;
      reads.push({ TableName, Key, headers: request.headers });
      const item = items.get(Object.values(Key)[0]?.S ?? "");
      (answers.next.shift() ?? answers.getItem ?? send(JSON.stringify({ Item: item })))(response);
    } else {
      messages.push(body);
      (answers.next.shift() ?? answers.sendMessage ?? send("{}"))(response);
    }
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));

  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    items,
    reads,
    messages,
    answers,
    stop: () =>
      new Promise<void>((stopped) => {
        server.close(() => stopped());
        server.closeAllConnections();
      }),
  };
}

export function refuse(status: number, code: string): Answer {
  return (response) => {
    response.statusCode = status;
    response.end(JSON.stringify({ __type: `com.amazonaws.service#${code}`, message: "no" }));
  };
}

export function send(body: string): Answer {
  return (response) => response.end(body);
}

export const hang: Answer = () => {};

export const reset: Answer = (response) => response.socket?.resetAndDestroy();

export const close: Answer = (response) => response.socket?.destroy();

export const closeWithinBody: Answer = (response) => {
  response.writeHead(200, { "Content-Length": "100" });
  response.write('{"Item":', () => response.destroy());
};
