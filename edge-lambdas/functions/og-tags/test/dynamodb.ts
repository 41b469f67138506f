import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

type Answer = (response: ServerResponse) => void;

/** DynamoDB as far as GetItem goes, on a port of its own. Answers as it is told to. */
export async function startDynamoDb() {
  const items = new Map<string, unknown>();
  const reads: { slug: string; table: string; headers: NodeJS.Dict<string | string[]> }[] = [];
  let answers: Answer[] = [];
  let always: Answer | undefined;

  const server = createServer(async (request, response) => {
    const { TableName, Key } = JSON.parse(await text(request));
    reads.push({ slug: Key.slug.S, table: TableName, headers: request.headers });
    const answer = answers.shift() ?? always;
    if (answer) {
      answer(response);
    } else {
      response.end(JSON.stringify({ Item: items.get(Key.slug.S) }));
    }
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));

  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    items,
    reads,
    /** What the next reads get instead of their items. */
    answerNext: (...next: Answer[]) => {
      answers = next;
    },
    answerAlways: (answer: Answer) => {
      always = answer;
    },
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
    response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${code}`, message: "no" }));
  };
}

export const hang: Answer = () => {};

export const closeConnection: Answer = (response) => response.socket?.destroy();

export function send(body: string): Answer {
  return (response) => response.end(body);
}
