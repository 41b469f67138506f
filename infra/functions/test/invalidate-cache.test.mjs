import assert from "node:assert/strict";
import test from "node:test";
import { handler } from "../invalidate-cache.mjs";
import { serve } from "./server.mjs";

const GREEN = "arn:aws:ecs:ap-northeast-2:111111111111:service-revision/beta/be-api/2";
const BLUE = "arn:aws:ecs:ap-northeast-2:111111111111:service-revision/beta/be-api/1";

test("is done when CloudFront has forgotten, and asks again until then", async (t) => {
  const cloudFront = await cloudFrontThatAnswers(t, [
    invalidation("InProgress"),
    invalidation("InProgress"),
    invalidation("Completed"),
  ]);

  const first = await handler(event("PRE_PRODUCTION_TRAFFIC_SHIFT", { executionId: "one" }));
  assert.deepEqual(first, { hookStatus: "IN_PROGRESS", callBackDelay: 10, hookDetails: { callerReference: "one" } });

  const { hookDetails } = /** @type {any} */ (first);
  const second = await handler(event("PRE_PRODUCTION_TRAFFIC_SHIFT", { executionId: "another", hookDetails }));
  assert.deepEqual(second, first);

  const third = await handler(event("PRE_PRODUCTION_TRAFFIC_SHIFT", { executionId: "a third", hookDetails }));
  assert.deepEqual(third, { hookStatus: "SUCCEEDED" });

  // One invalidation, not three: CloudFront knows it by its reference.
  assert.deepEqual(
    cloudFront.requests.map(({ body }) => /<CallerReference>(.*)<\/CallerReference>/.exec(body)?.[1]),
    ["one", "one", "one"],
  );
});

test("asks to forget the paths of the distribution", async (t) => {
  const cloudFront = await cloudFrontThatAnswers(t, [invalidation("Completed")]);

  await handler(event("POST_PRODUCTION_TRAFFIC_SHIFT", { executionId: "e1" }));

  const [{ method, path, headers, body }] = /** @type {any} */ (cloudFront.requests);
  assert.equal(`${method} ${path}`, "POST /2020-05-31/distribution/EDFDVBD6EXAMPLE/invalidation");
  assert.match(headers.authorization, /\/us-east-1\/cloudfront\/aws4_request/);
  assert.equal(
    body,
    '<InvalidationBatch xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Paths><Quantity>2</Quantity><Items>' +
      "<Path>/api/*</Path><Path>/campaigns/*</Path></Items></Paths><CallerReference>e1</CallerReference></InvalidationBatch>",
  );
});

test("leaves the cache alone while traffic moves forward, and clears it in a rollback", async (t) => {
  const cloudFront = await cloudFrontThatAnswers(t, [invalidation("Completed")]);

  const forward = event("PRODUCTION_TRAFFIC_SHIFT", { weights: { [GREEN]: 100, [BLUE]: 0 } });
  assert.deepEqual(await handler(forward), { hookStatus: "SUCCEEDED" });
  assert.deepEqual(await handler(event("PRODUCTION_TRAFFIC_SHIFT", { weights: {} })), { hookStatus: "SUCCEEDED" });
  assert.equal(cloudFront.requests.length, 0);

  const back = event("PRODUCTION_TRAFFIC_SHIFT", { weights: { [GREEN]: 0, [BLUE]: 100 } });
  assert.deepEqual(await handler(back), { hookStatus: "SUCCEEDED" });
  assert.equal(cloudFront.requests.length, 1);
});

test("waits while CloudFront is away or has too much to do", async (t) => {
  await cloudFrontThatAnswers(t, [
    { status: 503 },
    { status: 400, body: "<Code>TooManyInvalidationsInProgress</Code>" },
    "hang up",
  ]);

  for (let i = 0; i < 3; i++) {
    assert.equal((await handler(event("PRE_PRODUCTION_TRAFFIC_SHIFT"))).hookStatus, "IN_PROGRESS");
  }
});

test("fails, and so rolls back, where waiting does not help", async (t) => {
  await cloudFrontThatAnswers(t, [{ status: 403, body: "<Code>AccessDenied</Code>" }]);

  assert.deepEqual(await handler(event("PRE_PRODUCTION_TRAFFIC_SHIFT")), { hookStatus: "FAILED" });
});

/**
 * @param {string} lifecycleStage
 * @param {{ executionId?: string, weights?: Record<string, number>, hookDetails?: { callerReference?: string } }} [details]
 */
function event(lifecycleStage, { executionId = "e8d5a28f", weights = {}, hookDetails } = {}) {
  return {
    executionId,
    lifecycleStage,
    resourceArn: "arn:aws:ecs:ap-northeast-2:111111111111:service-deployment/beta/be-api/EZe5RNVLH6PPzHXINuP28",
    executionDetails: {
      serviceArn: "arn:aws:ecs:ap-northeast-2:111111111111:service/beta/be-api",
      targetServiceRevisionArn: GREEN,
      testTrafficWeights: {},
      productionTrafficWeights: weights,
    },
    ...(hookDetails && { hookDetails }),
  };
}

function invalidation(/** @type {string} */ status) {
  return {
    status: 201,
    body: `<?xml version="1.0"?><Invalidation><Id>I2J</Id><Status>${status}</Status></Invalidation>`,
  };
}

/**
 * @param {import("node:test").TestContext} t
 * @param {({ status: number, body?: string } | "hang up")[]} answers
 */
async function cloudFrontThatAnswers(t, answers) {
  const cloudFront = await serve(t, (_, count) => answers[count - 1] ?? { status: 500 });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_CLOUDFRONT: cloudFront.url,
    DISTRIBUTION_ID: "EDFDVBD6EXAMPLE",
    PATHS: "/api/* /campaigns/*",
  });
  return cloudFront;
}
