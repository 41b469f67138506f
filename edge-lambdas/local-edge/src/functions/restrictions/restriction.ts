import type { CloudFrontRequest, CloudFrontResponse, CloudFrontResultResponse } from "aws-lambda";
import type { EventType } from "../index.ts";

export type FunctionKind = "Lambda@Edge" | "CloudFront Functions";

/** One sentence of AWS's documentation, with the check that executes it. */
export interface Restriction<Subject> {
  name: string;
  /** Both kinds unless told. */
  of?: FunctionKind;
  at: readonly EventType[];
  page: string;
  /** What the function did wrong, in a sentence without its full stop. */
  broken(subject: Subject): string | undefined;
}

/** What a function returned, before anything about it is known. */
export interface Result {
  kind: FunctionKind;
  eventType: EventType;
  value: unknown;
}

export interface RequestChange {
  kind: FunctionKind;
  eventType: EventType;
  /** As the function got it. */
  before: CloudFrontRequest;
  after: CloudFrontRequest;
}

export interface ResponseChange {
  kind: FunctionKind;
  eventType: EventType;
  /** As the function got it; undefined when it generated the response in a request event. */
  before: CloudFrontResponse | undefined;
  after: CloudFrontResultResponse;
}

export const viewerEvents: readonly EventType[] = ["viewer-request", "viewer-response"];
export const requestEvents: readonly EventType[] = ["viewer-request", "origin-request"];
export const responseEvents: readonly EventType[] = ["origin-response", "viewer-response"];
export const everyEvent: readonly EventType[] = [...requestEvents, ...responseEvents];

/** Finds the first restriction that is broken, as the reason of a 502. */
export function checkOf<Subject extends { kind: FunctionKind; eventType: EventType }>(
  restrictions: readonly Restriction<Subject>[],
): (subject: Subject) => string | undefined {
  const byPlace = new Map<string, readonly Restriction<Subject>[]>();
  return (subject) => {
    const { kind, eventType } = subject;
    const place = `${kind} ${eventType}`;
    let own = byPlace.get(place);
    if (own === undefined) {
      own = restrictions.filter(({ of, at }) => (of === undefined || of === kind) && at.includes(eventType));
      byPlace.set(place, own);
    }
    for (const { name, page, broken } of own) {
      const sentence = broken(subject);
      if (sentence !== undefined) return `${sentence}. ${name}: ${page}`;
    }
    return undefined;
  };
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A function's value in a sentence, cut so that a reason stays readable. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
