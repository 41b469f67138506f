import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

type Answer = (response: ServerResponse) => void;

export interface Message {
  QueueUrl: string;
  MessageBody: string;
  MessageSystemAttributes?: { AWSTraceHeader: { DataType: string; StringValue: string } };
}

/** GetItem and SendMessage as AWS speaks them, on a port of its own. Answers as it is told to. */
export async function startAws() {
  const items = new Map<string, unknown>();
  const messages: Message[] = [];
  const answers: { getItem?: Answer | undefined; sendMessage?: Answer | undefined } = {};
  const reads: { TableName: string; Key: { code: { S: string } } }[] = [];

  const server = createServer(async (request, response) => {
    const body = JSON.parse(await text(request));
    if (request.headers["x-amz-target"] === "DynamoDB_20120810.GetItem") {
      reads.push(body);
      const item = items.get(body.Key.code.S);
      (answers.getItem ?? send(JSON.stringify(item === undefined ? {} : { Item: item })))(response);
    } else {
      messages.push(body);
      (answers.sendMessage ?? send("{}"))(response);
    }
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));

  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    items,
    messages,
    reads,
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
    response.end(JSON.stringify({ __type: code, message: "no" }));
  };
}

export function send(body: string): Answer {
  return (response) => response.end(body);
}

export const hang: Answer = () => {};

export const reset: Answer = (response) => response.socket?.resetAndDestroy();

export const closeWithinBody: Answer = (response) => {
  response.writeHead(200, { "Content-Length": "100" });
  response.write('{"Item":', () => response.destroy());
};
