// Calls of AWS by HTTPS, signed with the function's own role. Lambda's Node.js has an AWS SDK, of a version that changes under us; these functions need
// three calls, and so no package at all.
import { createHash, createHmac } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";

/**
 * @typedef {object} Call
 * @property {string} service as it stands in the signature: cloudfront, es, s3
 * @property {string} region
 * @property {string} method
 * @property {URL} url its path of unreserved characters only, and without a query: nothing to be encoded
 * @property {Record<string, string>} [headers]
 * @property {string | Buffer} [body]
 */

/** An answer that is not 2xx. */
export class AwsError extends Error {
  /**
   * @param {number} status of HTTP
   * @param {string} body
   */
  constructor(status, body) {
    const code = /<Code>([^<]+)<\/Code>/.exec(body)?.[1];
    super(`HTTP ${status} ${body.slice(0, 500)}`);
    this.name = code ?? "AwsError";
    this.status = status;
  }
}

/** Whether the same call may succeed later: it was throttled, the service is in trouble, or there was no answer. */
export function isPassing(/** @type {unknown} */ error) {
  if (error instanceof AwsError) {
    return (
      error.status === 429 ||
      error.status >= 500 ||
      error.name === "Throttling" ||
      error.name === "TooManyInvalidationsInProgress"
    );
  }
  // What fetch throws where the connection fails, and what ends an attempt that hangs.
  return error instanceof TypeError || (error instanceof Error && error.name === "TimeoutError");
}

/**
 * One attempt, of at most ten seconds.
 *
 * @param {Call} call
 * @returns {Promise<string>} the body of a 2xx answer
 * @throws {AwsError} for any other answer
 */
export async function send(call) {
  const response = await fetch(call.url, {
    method: call.method,
    headers: sign(call, new Date()),
    body: call.body ?? null,
    signal: AbortSignal.timeout(10_000),
  });
  const body = await response.text();
  if (!response.ok) {
    throw new AwsError(response.status, body);
  }
  return body;
}

const FIRST_PAUSE_MILLIS = 200;
const LONGEST_PAUSE_MILLIS = 5_000;

/**
 * Waits before the next attempt: exponential, with full jitter, since many functions are turned away at the same moment.
 *
 * @param {number} attempt 1 after the first
 */
export async function backOff(attempt) {
  await wait(Math.random() * Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS * 2 ** (attempt - 1)));
}

/**
 * Signature version 4.
 *
 * @param {Call} call
 * @param {Date} now
 * @param {Record<string, string | undefined>} credentials
 * @returns {Record<string, string>} the headers to send
 */
export function sign({ service, region, method, url, headers = {}, body = "" }, now, credentials = process.env) {
  const time = now.toISOString().replace(/[:-]|\.\d{3}/g, "");
  const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
  const digest = sha256(body);
  const token = credentials.AWS_SESSION_TOKEN;
  /** @type {Record<string, string>} */
  const sent = {
    ...lowerCase(headers),
    host: url.host,
    "x-amz-date": time,
    ...(service === "s3" && { "x-amz-content-sha256": digest }),
    ...(token && { "x-amz-security-token": token }),
  };
  const names = Object.keys(sent).sort();
  const signed = names.join(";");
  const request = [
    method,
    url.pathname,
    "",
    ...names.map((name) => `${name}:${sent[name]?.trim()}`),
    "",
    signed,
    digest,
  ].join("\n");
  const key = [time.slice(0, 8), region, service, "aws4_request"].reduce(
    (/** @type {string | Buffer} */ secret, part) => hmac(secret, part),
    `AWS4${credentials.AWS_SECRET_ACCESS_KEY}`,
  );
  const signature = hmac(key, ["AWS4-HMAC-SHA256", time, scope, sha256(request)].join("\n")).toString("hex");
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${credentials.AWS_ACCESS_KEY_ID}/${scope}, SignedHeaders=${signed}, Signature=${signature}`,
  };
}

/** One line of JSON, without what console.log puts before it in Lambda. */
export function log(/** @type {object} */ line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function lowerCase(/** @type {Record<string, string>} */ headers) {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function sha256(/** @type {string | Buffer} */ content) {
  return createHash("sha256").update(content).digest("hex");
}

function hmac(/** @type {string | Buffer} */ key, /** @type {string} */ content) {
  return createHmac("sha256", key).update(content).digest();
}
