import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { getItem, sendMessage } from "../src/index.ts";

beforeEach(() => {
  process.env.AWS_ACCESS_KEY_ID = "local";
  process.env.AWS_SECRET_ACCESS_KEY = "local";
});

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** An AWS service on this machine, as far as its answers are concerned. */
async function service(answer: (body: string, request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(async (request, response) => answer(await text(request), request, response));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  closing.push(() => server.close().closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const signal = () => AbortSignal.timeout(5_000);

test("an item is read with DynamoDB's own protocol", async () => {
  const endpoint = await service((body, request, response) => {
    expect(request.headers["x-amz-target"]).toBe("DynamoDB_20120810.GetItem");
    expect(request.headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=local\/\d{8}\/us-east-1\/dynamodb\//);
    expect(JSON.parse(body)).toEqual({ TableName: "links", Key: { code: { S: "가" } } });
    response.end(JSON.stringify({ Item: { code: { S: "가" } } }));
  });
  const item = await getItem({
    table: "links",
    region: "us-east-1",
    endpoint,
    key: { code: { S: "가" } },
    signal: signal(),
  });
  expect(item).toEqual({ code: { S: "가" } });
});

test("a message is sent with SQS's JSON protocol", async () => {
  let sent: unknown;
  const endpoint = await service((body, _request, response) => {
    sent = JSON.parse(body);
    response.end("{}");
  });
  await sendMessage({ queueUrl: `${endpoint}/0/clicks`, region: "us-east-1", endpoint, body: "{}", signal: signal() });
  expect(sent).toEqual({ QueueUrl: `${endpoint}/0/clicks`, MessageBody: "{}" });
});
