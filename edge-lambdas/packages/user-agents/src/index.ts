import { PATTERNS } from "./patterns.ts";

// This module also runs in CloudFront Functions, whose JavaScript knows no destructuring, no spread and no for-of.

/** Who sends a request: a person, a program that draws a card of the page, any other program. */
export type Kind = "person" | "preview" | "bot";

/** Letter case is ignored; the token is in lower case. The first pattern of the list that matches decides. */
export type Pattern = readonly [kind: Kind, match: "contains" | "starts", token: string];

/** Longer user agents exist only in attacks; the tokens that matter stand further in front. */
const MAX_LENGTH = 1_024;

/** No user agent at all is a program: every browser sends one. */
export function kindOf(userAgent: string | undefined): Kind {
  if (userAgent === undefined || userAgent.trim() === "") {
    return "bot";
  }
  const text = userAgent.slice(0, MAX_LENGTH).toLowerCase();
  const pattern = PATTERNS.find((p) => (p[1] === "starts" ? text.startsWith(p[2]) : text.includes(p[2])));
  return pattern === undefined ? "person" : pattern[0];
}

/**
 * Who gets which page: previews the one with the tags of a card, everyone else the page of people. So do search
 * engines, which run its scripts and take another page for cloaking.
 */
export function viewerKind(userAgent: string | undefined): "preview" | "human" {
  return kindOf(userAgent) === "preview" ? "preview" : "human";
}

/** What is held in hand, as far as the user agent tells. An iPad that asks for desktop pages is a desktop. */
export type Device = "mobile" | "tablet" | "desktop" | "other";

export function deviceOf(userAgent: string | undefined): Device {
  if (userAgent === undefined) {
    return "other";
  }
  const has = (token: string) => userAgent.includes(token);
  if (has("iPad") || has("Tablet")) {
    return "tablet";
  }
  if (has("Mobi") || has("iPhone")) {
    return "mobile";
  }
  // Google's rule: an Android browser that doesn't say "Mobile" is on a tablet.
  if (has("Android")) {
    return "tablet";
  }
  return ["Windows NT", "Macintosh", "X11", "CrOS"].some(has) ? "desktop" : "other";
}
