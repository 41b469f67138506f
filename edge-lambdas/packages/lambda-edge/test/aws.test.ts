import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { CloudFrontRequestEvent } from "aws-lambda";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { getItem, sendMessage, withRequest } from "../src/index.ts";

type Answer = (response: ServerResponse) => void;

/** DynamoDB and SQS as far as their answers are concerned, which are given one after the other. */
async function startService(...answers: Answer[]) {
  const requests: { body: unknown; headers: IncomingMessage["headers"]; port: number | undefined }[] = [];
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await text(request));
    requests.push({ body, headers: request.headers, port: request.socket.remotePort });
    (answers[requests.length - 1] ?? answers.at(-1))?.(response);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  stops.push(() => server.close().closeAllConnections());
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

const stops: (() => void)[] = [];

beforeEach(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
});

afterEach(() => {
  for (const stop of stops.splice(0)) {
    stop();
  }
  vi.unstubAllEnvs();
});

const found: Answer = (response) => response.end('{"Item":{"code":{"S":"가"}}}');
const fail =
  (status: number, code: string): Answer =>
  (response) => {
    response.statusCode = status;
    response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${code}`, message: "says why" }));
  };
const hangUp: Answer = (response) => response.socket?.destroy();

function read(endpoint: string, signal = AbortSignal.timeout(10_000)) {
  return getItem({ table: "links", region: "us-east-1", endpoint, key: { code: { S: "가" } }, signal });
}

function withTrace<R>(trace: string, work: () => R): R {
  const headers = { "x-amzn-trace-id": [{ key: "X-Amzn-Trace-Id", value: trace }] };
  const request = { clientIp: "203.0.113.7", method: "GET", uri: "/", querystring: "", headers };
  const config = { distributionDomainName: "", distributionId: "", eventType: "origin-request", requestId: "1" };
  return withRequest({ Records: [{ cf: { config, request } }] } as CloudFrontRequestEvent, work);
}

const TRACE = "Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=1";

describe("an item", () => {
  test("is read in DynamoDB's own protocol, signed for the region", async () => {
    const { endpoint, requests } = await startService(found);
    expect(await read(endpoint)).toEqual({ code: { S: "가" } });
    expect(requests).toMatchObject([
      {
        body: { TableName: "links", Key: { code: { S: "가" } } },
        headers: {
          "content-type": "application/x-amz-json-1.0",
          "x-amz-target": "DynamoDB_20120810.GetItem",
          authorization: expect.stringMatching(
            /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/us-east-1\/dynamodb\/aws4_request, /,
          ),
        },
      },
    ]);
    expect(requests[0]?.headers).not.toHaveProperty("x-amzn-trace-id");
  });

  test("that is not there is undefined", async () => {
    const { endpoint } = await startService((response) => response.end("{}"));
    expect(await read(endpoint)).toBeUndefined();
  });

  test("is read with the session's token, signed, and the request's trace", async () => {
    vi.stubEnv("AWS_SESSION_TOKEN", "token");
    const { endpoint, requests } = await startService(found);
    await withTrace(TRACE, () => read(endpoint));
    expect(requests[0]?.headers).toMatchObject({ "x-amz-security-token": "token", "x-amzn-trace-id": TRACE });
    expect(requests[0]?.headers.authorization).toMatch(/SignedHeaders=[a-z0-9;-]*x-amz-security-token/);
  });

  test("is read over the connection of the one before", async () => {
    const { endpoint, requests } = await startService(found);
    await read(endpoint);
    await read(endpoint);
    expect(requests).toHaveLength(2);
    expect(requests[1]?.port).toBe(requests[0]?.port);
  });
});

describe("a failure that passes", () => {
  test.each([
    ["throttling", fail(400, "ThrottlingException")],
    ["a throughput that is used up", fail(400, "ProvisionedThroughputExceededException")],
    ["too many requests", fail(400, "RequestLimitExceeded")],
    ["an error of the server", fail(500, "InternalServerError")],
    ["an overloaded server", fail(503, "ServiceUnavailable")],
    ["a balancer's page", (response: ServerResponse) => response.writeHead(502).end("<html>")],
    ["a closed connection", hangUp],
  ])("is tried again: %s", async (_what, failure) => {
    const { endpoint, requests } = await startService(failure, failure, found);
    expect(await read(endpoint)).toEqual({ code: { S: "가" } });
    expect(requests).toHaveLength(3);
  });

  test("is not tried more than three times", async () => {
    const { endpoint, requests } = await startService(fail(500, "InternalServerError"));
    await expect(read(endpoint)).rejects.toThrow("says why (HTTP 500)");
    expect(requests).toHaveLength(3);
  });

  test.each([
    ["no answer", () => {}],
    ["an answer that stops in the middle", (response: ServerResponse) => response.write('{"Item":')],
    ["nothing but headers", (response: ServerResponse) => response.flushHeaders()],
  ])("is not waited for beyond the deadline: %s", async (_what, answer) => {
    const { endpoint } = await startService(answer);
    const deadline = new AbortController();
    const reading = read(endpoint, deadline.signal);
    setTimeout(() => deadline.abort(new Error("enough")), 5);
    await expect(reading).rejects.toThrow("enough");
  });

  test("is not tried at all when the deadline is over", async () => {
    const { endpoint, requests } = await startService(found);
    await expect(read(endpoint, AbortSignal.abort())).rejects.toThrow(expect.objectContaining({ name: "AbortError" }));
    expect(requests).toHaveLength(0);
  });
});

describe("a failure that stays", () => {
  test.each(["AccessDeniedException", "ResourceNotFoundException", "ValidationException", "ExpiredTokenException"])(
    "is not tried again: %s",
    async (code) => {
      const { endpoint, requests } = await startService(fail(400, code));
      await expect(read(endpoint)).rejects.toThrow(expect.objectContaining({ name: code }));
      expect(requests).toHaveLength(1);
    },
  );

  test.each(["", "<html>", "[]", "null", '{"Item":[]}', '{"Item":5}', '{"Item":null}'])(
    "is an answer that makes no sense: %j",
    async (body) => {
      const { endpoint } = await startService((response) => response.end(body));
      await expect(read(endpoint)).rejects.toThrow();
    },
  );
});

describe("a message", () => {
  const send = (endpoint: string) =>
    sendMessage({
      queueUrl: `${endpoint}/000000000000/clicks`,
      region: "ap-northeast-2",
      endpoint,
      body: '{"a":"가"}',
      signal: AbortSignal.timeout(10_000),
    });
  const sent: Answer = (response) => response.end('{"MessageId":"1"}');

  test("is sent in SQS's JSON protocol, with the request's trace", async () => {
    const { endpoint, requests } = await startService(sent);
    await withTrace(TRACE, () => send(endpoint));
    expect(requests).toMatchObject([
      {
        body: {
          QueueUrl: `${endpoint}/000000000000/clicks`,
          MessageBody: '{"a":"가"}',
          MessageSystemAttributes: { AWSTraceHeader: { DataType: "String", StringValue: TRACE } },
        },
        headers: {
          "x-amz-target": "AmazonSQS.SendMessage",
          authorization: expect.stringContaining("/ap-northeast-2/sqs/aws4_request"),
        },
      },
    ]);
  });

  test("of a request without a trace has none", async () => {
    const { endpoint, requests } = await startService(sent);
    await withTrace("nonsense", () => send(endpoint));
    expect(requests[0]?.body).not.toHaveProperty("MessageSystemAttributes");
  });

  test("to a queue that is not there fails with SQS's reason", async () => {
    const { endpoint } = await startService(fail(400, "QueueDoesNotExist"));
    await expect(send(endpoint)).rejects.toThrow(expect.objectContaining({ name: "QueueDoesNotExist" }));
  });
});
