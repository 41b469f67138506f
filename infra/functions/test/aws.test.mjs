import assert from "node:assert/strict";
import test from "node:test";
import { AwsError, isPassing, send, sign } from "../aws.mjs";
import { serve } from "./server.mjs";

const EXAMPLE = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const NOW = new Date("2015-08-30T12:36:00Z");

// The expected signatures of both are those of AWS's own test suite for signature version 4 (get-vanilla, post-header-key-sort).
test("signs a GET as AWS's test suite has it", () => {
  const { authorization } = sign(
    { service: "service", region: "us-east-1", method: "GET", url: new URL("https://example.amazonaws.com/") },
    NOW,
    EXAMPLE,
  );
  assert.equal(
    authorization,
    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, " +
      "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
  );
});

test("signs headers in their order, whatever their case", () => {
  const { authorization } = sign(
    {
      service: "service",
      region: "us-east-1",
      method: "POST",
      url: new URL("https://example.amazonaws.com/"),
      headers: { "My-Header1": "value1" },
    },
    NOW,
    EXAMPLE,
  );
  assert.equal(
    authorization,
    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;my-header1;x-amz-date, " +
      "Signature=c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c",
  );
});

test("signs the content, for S3 also in a header, and the session", () => {
  const call = {
    service: "s3",
    region: "us-east-1",
    method: "PUT",
    url: new URL("https://bucket.s3.amazonaws.com/key"),
  };
  const one = sign({ ...call, body: "one" }, NOW, { ...EXAMPLE, AWS_SESSION_TOKEN: "session" });
  const two = sign({ ...call, body: "two" }, NOW, { ...EXAMPLE, AWS_SESSION_TOKEN: "session" });

  assert.match(String(one.authorization), /SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,/);
  assert.equal(one["x-amz-security-token"], "session");
  assert.notEqual(one["x-amz-content-sha256"], two["x-amz-content-sha256"]);
  assert.notEqual(one.authorization, two.authorization);
});

test("tells what may succeed later from what never will", async (t) => {
  const answers = [
    { status: 429 },
    { status: 503 },
    { status: 400, body: "<ErrorResponse><Error><Code>TooManyInvalidationsInProgress</Code></Error></ErrorResponse>" },
    { status: 400, body: "<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>" },
    /** @type {const} */ ("hang up"),
    { status: 403, body: "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>" },
    { status: 404 },
  ];
  const { url } = await serve(t, (_, count) => answers[count - 1] ?? { status: 200 });

  const passing = [];
  for (const _ of answers) {
    passing.push(await send({ service: "es", region: "us-east-1", method: "GET", url: new URL(url) }).catch(isPassing));
  }

  assert.deepEqual(passing, [true, true, true, true, true, false, false]);
  assert.equal(await send({ service: "es", region: "us-east-1", method: "GET", url: new URL(url) }), "");
});

test("names an error after its code", () => {
  assert.equal(new AwsError(403, "<Code>AccessDenied</Code>").name, "AccessDenied");
  assert.equal(new AwsError(502, "<html>").name, "AwsError");
});
