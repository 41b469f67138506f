import { setTimeout as wait } from "node:timers/promises";
import { getItem, log, nearest, sendMessage, settings, withRequest } from "@backline/lambda-edge";
import type { CloudFrontRequest, CloudFrontRequestEvent, CloudFrontResultResponse } from "aws-lambda";
import { clickMessage } from "./click.ts";
import { codeIn } from "./code.ts";
import { locationOf } from "./link.ts";

/** After that nobody waits for SQS's answer any more; the message itself left long before. */
const LONGEST_SEND_MILLIS = 3_000;

/**
 * The function at origin-request of the short-link host: redirects to the target of a link that can be followed, and
 * lets every other request pass to the redirector.
 */
export function shortUrl(
  config: unknown,
): (event: CloudFrontRequestEvent) => Promise<CloudFrontRequest | CloudFrontResultResponse> {
  const { text, url, optionalUrl, regions, millis } = settings(config);
  const endpoint = optionalUrl("endpoint");
  const links = { table: text("table"), region: nearest(regions("replicas")), endpoint };
  const clicks = { queueUrl: url("clicksQueueUrl"), region: text("clicksRegion"), endpoint };
  const ownHost = new URL(url("shortUrl")).hostname;
  const budget = millis("budgetMillis", 300);
  const clickBudget = millis("clickBudgetMillis", 100);
  let outage = false;

  /** Where the link leads now; undefined where only the redirector can tell. */
  async function find(code: string): Promise<string | undefined> {
    try {
      const item = await getItem({ ...links, key: { code: { S: code } }, signal: AbortSignal.timeout(budget) });
      const location = item && locationOf(item, Date.now());
      tellOutage(false);
      return location;
    } catch (error) {
      tellOutage(true, error);
      return undefined;
    }
  }

  function tellOutage(now: boolean, error?: unknown): void {
    if (now && !outage) {
      log("warn", "links cannot be read, requests pass to the redirector", { error });
    } else if (!now && outage) {
      log("info", "links can be read again");
    }
    outage = now;
  }

  /**
   * Sends the message, and waits for SQS no longer than this. The environment freezes with the answer, so a message
   * that is not confirmed by then is logged as well. It is not given up: its bytes are mostly on their way.
   */
  async function send(body: string, longest: number): Promise<void> {
    const sending = sendMessage({ ...clicks, body, signal: AbortSignal.timeout(LONGEST_SEND_MILLIS) }).then(
      () => undefined,
      (error: unknown) => error,
    );
    const late = wait(longest, new Error(`no answer within ${longest} ms`), { ref: false });
    const error = await Promise.race([sending, late]);
    if (error !== undefined) {
      log("warn", "click not confirmed, replay by sending the field 'replay'", { replay: body, error });
    }
  }

  async function onRequest(request: CloudFrontRequest): Promise<CloudFrontRequest | CloudFrontResultResponse> {
    const code = request.method === "GET" || request.method === "HEAD" ? codeIn(request.uri) : undefined;
    if (code === undefined) {
      return request;
    }
    const begin = performance.now();
    const location = await find(code);
    if (location === undefined) {
      return request;
    }
    if (request.method === "GET") {
      const left = Math.floor(begin + budget - performance.now());
      await send(clickMessage(code, request.headers, ownHost, Date.now()), Math.max(1, Math.min(left, clickBudget)));
    }
    return redirect(location);
  }

  return (event) => withRequest(event, ({ request }) => onRequest(request));
}

/** Letter by letter the redirector's answer: `redirect-cases.json` is run against both. */
function redirect(location: string): CloudFrontResultResponse {
  const headers = {
    Location: location,
    // A cache that answers for us would hide clicks, and keep links alive that were taken down.
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Robots-Tag": "noindex",
    "X-Content-Type-Options": "nosniff",
  };
  return {
    status: "302",
    statusDescription: "Found",
    headers: Object.fromEntries(Object.entries(headers).map(([key, value]) => [key.toLowerCase(), [{ key, value }]])),
  };
}
