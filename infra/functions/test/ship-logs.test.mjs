import assert from "node:assert/strict";
import test from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { handler } from "../ship-logs.mjs";
import { serve } from "./server.mjs";

const NOON = Date.UTC(2026, 10, 22, 12);
const A_SERVICE_LINE = {
  "@timestamp": "2026-11-22T12:00:00Z",
  level: "WARN",
  message: "slow",
  traceId: "1-5759e988-bd86",
  service: { name: "be-api" },
  millis: 900,
};

test("ships lines as documents of their day, each under the id that CloudWatch gave it", async (t) => {
  const { search, bucket } = await openSearch(t, takesEverything);

  await handler(
    subscription([line("1", JSON.stringify(A_SERVICE_LINE)), line("2", "Killed"), line("3", "{}", NOON + 86_400_000)]),
    inTime(),
  );

  assert.deepEqual(
    search.requests.map(({ method, path }) => `${method} ${path}`),
    ["POST /logs-2026.11.22/_bulk", "POST /logs-2026.11.23/_bulk"],
  );
  assert.match(String(search.requests[0]?.headers.authorization), /\/ap-northeast-2\/es\/aws4_request/);
  assert.deepEqual(documents(search.requests[0]?.body), [
    { create: { _id: "1" } },
    {
      "@timestamp": "2026-11-22T12:00:00.000Z",
      group: "/backline/beta/be-api",
      stream: "be-api/be-api/0123",
      message: "slow",
      level: "WARN",
      traceId: "1-5759e988-bd86",
      service: { name: "be-api" },
      more: '{"millis":900}',
    },
    { create: { _id: "2" } },
    {
      "@timestamp": "2026-11-22T12:00:00.000Z",
      group: "/backline/beta/be-api",
      stream: "be-api/be-api/0123",
      message: "Killed",
    },
  ]);
  assert.equal(bucket.requests.length, 0);
});

test("sends again what was turned away, and only that", async (t) => {
  const { search, bucket } = await openSearch(t, (request, count) => {
    const ids = idsOf(request.body);
    return results(ids.map((id) => (count === 1 && id !== "1" ? 429 : 201)));
  });

  await handler(subscription([line("1"), line("2"), line("3")]), inTime());

  assert.deepEqual(
    search.requests.map(({ body }) => idsOf(body)),
    [
      ["1", "2", "3"],
      ["2", "3"],
    ],
  );
  assert.equal(bucket.requests.length, 0);
});

test("sends all again when OpenSearch is away, hangs up or answers nonsense", async (t) => {
  const { search, bucket } = await openSearch(t, (request, count) => {
    const failures = [{ status: 503 }, { status: 429 }, /** @type {const} */ ("hang up"), { body: { items: [] } }];
    return failures[count - 1] ?? takesEverything(request);
  });

  await handler(subscription([line("1"), line("2")]), inTime());

  assert.deepEqual(
    search.requests.map(({ body }) => idsOf(body)),
    Array(5).fill(["1", "2"]),
  );
  assert.equal(bucket.requests.length, 0);
});

test("takes a line that is there for shipped: events are delivered twice", async (t) => {
  const { search, bucket } = await openSearch(t, () => results([409, 201]));

  await handler(subscription([line("1"), line("2")]), inTime());

  assert.equal(search.requests.length, 1);
  assert.equal(bucket.requests.length, 0);
});

test("puts aside what OpenSearch never accepts, and ships the rest", async (t) => {
  const { search, bucket } = await openSearch(t, (request) =>
    results(idsOf(request.body).map((id) => (id === "2" ? 400 : 201))),
  );

  await handler(subscription([line("1"), line("2"), line("3")]), inTime());

  assert.equal(search.requests.length, 1);
  assert.deepEqual(
    bucket.requests.map(({ method, path }) => `${method} ${path}`),
    ["PUT /refused/logs-2026.11.22/request-1.ndjson.gz"],
  );
  assert.match(String(bucket.requests[0]?.headers.authorization), /\/ap-northeast-2\/s3\/aws4_request/);
  assert.deepEqual(idsOf(unzip(bucket.requests[0]?.body)), ["2"]);
});

test("puts aside what is left when the time is up", async (t) => {
  const { search, bucket } = await openSearch(t, (request) =>
    results(idsOf(request.body).map((id) => (id === "1" ? 201 : 503))),
  );

  await handler(subscription([line("1"), line("2"), line("3")]), timeIsUp());

  assert.equal(search.requests.length, 1);
  assert.deepEqual(idsOf(unzip(bucket.requests[0]?.body)), ["2", "3"]);
});

test("puts all aside, unread by OpenSearch, when it may not write there", async (t) => {
  const { search, bucket } = await openSearch(t, () => ({ status: 403, body: "no permissions" }));

  await handler(subscription([line("1"), line("2")]), inTime());

  assert.equal(search.requests.length, 1);
  assert.deepEqual(idsOf(unzip(bucket.requests[0]?.body)), ["1", "2"]);
});

test("fails, so that Lambda keeps the event, when nothing can be put aside", async (t) => {
  const { bucket } = await openSearch(
    t,
    () => ({ status: 403 }),
    () => ({ status: 503 }),
  );

  await assert.rejects(() => handler(subscription([line("1")]), inTime()), /HTTP 503/);
  assert.equal(bucket.requests.length, 3);
});

test("sends at most 1,000 lines and about 4 MB at once", async (t) => {
  const { search } = await openSearch(t, takesEverything);

  await handler(subscription(Array.from({ length: 2_500 }, (_, i) => line(String(i)))), inTime());
  assert.deepEqual(
    search.requests.map(({ body }) => idsOf(body).length),
    [1_000, 1_000, 500],
  );

  search.requests.length = 0;
  await handler(subscription(Array.from({ length: 30 }, (_, i) => line(String(i), "x".repeat(250_000)))), inTime());
  assert.deepEqual(
    search.requests.map(({ body }) => idsOf(body).length),
    [16, 14],
  );
});

test("ignores CloudWatch's question whether it is there", async (t) => {
  const { search } = await openSearch(t, takesEverything);

  await handler(encode({ messageType: "CONTROL_MESSAGE", logEvents: [line("1")] }), inTime());

  assert.equal(search.requests.length, 0);
});

/**
 * @param {import("node:test").TestContext} t
 * @param {Parameters<typeof serve>[1]} answer
 * @param {Parameters<typeof serve>[1]} [bucketAnswer]
 */
async function openSearch(t, answer, bucketAnswer = () => ({})) {
  const search = await serve(t, answer);
  const bucket = await serve(t, bucketAnswer);
  Object.assign(process.env, { SEARCH_ENDPOINT: search.url, DEAD_LETTERS: bucket.url, ENVIRONMENT: "beta" });
  return { search, bucket };
}

function takesEverything(/** @type {{ body: string }} */ { body }) {
  return results(idsOf(body).map(() => 201));
}

function results(/** @type {number[]} */ statuses) {
  const items = statuses.map((status) => ({
    create: status < 300 ? { status } : { status, error: { reason: `it is a ${status}` } },
  }));
  return { body: { errors: statuses.some((status) => status >= 300), items } };
}

function line(/** @type {string} */ id, message = "a line", timestamp = NOON) {
  return { id, timestamp, message };
}

function subscription(/** @type {object[]} */ logEvents) {
  return encode({
    messageType: "DATA_MESSAGE",
    logGroup: "/backline/beta/be-api",
    logStream: "be-api/be-api/0123",
    logEvents,
  });
}

function encode(/** @type {object} */ data) {
  return { awslogs: { data: gzipSync(JSON.stringify(data)).toString("base64") } };
}

function documents(/** @type {string | undefined} */ body) {
  return (body ?? "")
    .trimEnd()
    .split("\n")
    .map((text) => JSON.parse(text));
}

function idsOf(/** @type {string} */ body) {
  return documents(body)
    .filter((document) => document.create)
    .map((document) => document.create._id);
}

function unzip(/** @type {string | undefined} */ body) {
  return gunzipSync(Buffer.from(body ?? "", "latin1")).toString();
}

const inTime = () => ({ awsRequestId: "request", getRemainingTimeInMillis: () => 60_000 });
const timeIsUp = () => ({ awsRequestId: "request", getRemainingTimeInMillis: () => 1_000 });
