import { type Item, text } from "@backline/lambda-edge";

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/**
 * The value of `Location` for a link that can be followed now. Undefined for every other one, also for an item that is
 * not in be-api's form: what such a link answers is the redirector's to say.
 */
export function locationOf(item: Item, now: number): string | undefined {
  const target = text(item, "targetUrl");
  const closed = item.deletedAt !== undefined || (item.disabled !== undefined && item.disabled?.BOOL !== false);
  if (target === undefined || closed || hasExpired(item, now)) {
    return undefined;
  }
  return /^https?:\/\//i.test(target) && target.isWellFormed() ? percentEncoded(target) : undefined;
}

function hasExpired(item: Item, now: number): boolean {
  if (item.expiresAt === undefined) {
    return false;
  }
  const instant = text(item, "expiresAt") ?? "";
  return !isInstant(instant) || now >= Date.parse(instant);
}

/** `Date.parse` takes the 30th of February for a day in March. */
function isInstant(text: string): boolean {
  const millis = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(millis) && new Date(millis).toISOString().slice(0, 19) === text.slice(0, 19);
}

/** What isn't printable ASCII, line breaks among it, is percent-encoded; what is percent-encoded already stays. */
function percentEncoded(url: string): string {
  return url.replace(/[^\x21-\x7e]+/g, encodeURIComponent);
}
