import { randomBytes } from "node:crypto";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { oneSpelling } from "./paths.ts";

// CloudFront's REST API: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateInvalidation.html
const NAMESPACE = "http://cloudfront.amazonaws.com/doc/2020-05-31/";
const ROUTE = /^\/2020-05-31\/distribution\/([^/]+)\/invalidation(?:\/([^/]+))?$/;
const MAX_PATHS = 3_000;
const MAX_PATH = 4_000;
const REMEMBERED = 1_000;

export interface ApiAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

interface Invalidation {
  id: string;
  created: string;
  reference: string;
  paths: string[];
}

export interface InvalidationApi {
  /** Whether a path is this API's, whatever the host. */
  serves(path: string): boolean;
  answer(method: string, path: string, query: URLSearchParams, body: string, requestId: string): ApiAnswer;
}

/**
 * @param distributions ids and names
 * @param invalidate is called for each path, with a test for an object's path
 */
export function invalidationApi(
  distributions: { id: string; name: string }[],
  invalidate: (name: string, matches: (path: string) => boolean) => void,
): InvalidationApi {
  const made = new Map<string, Invalidation[]>(distributions.map(({ name }) => [name, []]));

  return {
    serves: (path) => path.startsWith("/2020-05-31/"),
    answer(method, path, query, body, requestId) {
      const [, distributionId, invalidationId] = ROUTE.exec(path) ?? [];
      const distribution = distributions.find(({ id }) => id === distributionId);
      const fail = (status: number, code: string, message: string) => refusal(status, code, message, requestId);
      if (distributionId === undefined) {
        return fail(
          404,
          "NoSuchResource",
          "local-edge knows invalidations only: /2020-05-31/distribution/{id}/invalidation",
        );
      }
      if (distribution === undefined) {
        const ids = distributions.map(({ id }) => id).join(", ");
        return fail(404, "NoSuchDistribution", `The specified distribution does not exist. There are: ${ids}.`);
      }
      const known = made.get(distribution.name) as Invalidation[];
      if (method === "POST" && invalidationId === undefined) {
        return create(distribution, known, body, fail);
      }
      if (method !== "GET") {
        return fail(405, "MethodNotAllowed", "The specified method is not allowed against this resource.");
      }
      if (invalidationId === undefined) {
        return list(known, query, fail);
      }
      const found = known.find(({ id }) => id === invalidationId);
      return found === undefined
        ? fail(404, "NoSuchInvalidation", "The specified invalidation does not exist.")
        : xml(200, describe(found));
    },
  };

  function create(
    { id, name }: { id: string; name: string },
    known: Invalidation[],
    body: string,
    fail: (status: number, code: string, message: string) => ApiAnswer,
  ): ApiAnswer {
    const batch = read(body);
    if (typeof batch === "string") {
      return body.trim() === "" ? fail(400, "MissingBody", batch) : fail(400, "MalformedInput", batch);
    }
    const { reference, paths, quantity } = batch;
    const wrong = paths.find((path) => !/^\/[^*]*\*?$/.test(path) || path.length > MAX_PATH);
    if (reference === "") {
      return fail(400, "InvalidArgument", "CallerReference is missing.");
    }
    if (quantity !== paths.length || paths.length === 0) {
      return fail(400, "InconsistentQuantities", `Quantity is ${quantity}, and there are ${paths.length} paths.`);
    }
    if (paths.length > MAX_PATHS) {
      return fail(413, "BatchTooLarge", `A batch has at most ${MAX_PATHS} paths.`);
    }
    if (wrong !== undefined) {
      return fail(
        400,
        "InvalidArgument",
        `Your request contains an invalid path: ${wrong.slice(0, 200)}. A path starts with /, has at most ${MAX_PATH} characters, and * at its end only.`,
      );
    }
    let invalidation = known.find((each) => each.reference === reference);
    if (invalidation !== undefined && invalidation.paths.join("\n") !== paths.join("\n")) {
      return fail(400, "InvalidArgument", "This CallerReference was used for other paths.");
    }
    if (invalidation === undefined) {
      const created = new Date().toISOString();
      invalidation = { id: `I${randomBytes(9).toString("hex").toUpperCase().slice(0, 13)}`, created, reference, paths };
      known.unshift(invalidation);
      known.splice(REMEMBERED);
      for (const path of paths) {
        invalidate(name, matcher(path));
      }
    }
    const answer = xml(201, describe(invalidation));
    const location = `/2020-05-31/distribution/${id}/invalidation/${invalidation.id}`;
    return { ...answer, headers: { ...answer.headers, location } };
  }
}

/** A test for an object's path, which is in one spelling whatever its encoding was. */
function matcher(path: string): (path: string) => boolean {
  const whole = oneSpelling(path);
  if (!whole.endsWith("*")) {
    return (other) => other === whole;
  }
  const start = whole.slice(0, -1);
  return (other) => other.startsWith(start);
}

function list(
  known: Invalidation[],
  query: URLSearchParams,
  fail: (status: number, code: string, message: string) => ApiAnswer,
): ApiAnswer {
  const wanted = query.get("MaxItems") ?? "100";
  if (!/^\d+$/.test(wanted) || Number(wanted) === 0) {
    return fail(400, "InvalidArgument", "MaxItems must be a positive number.");
  }
  const marker = query.get("Marker") ?? "";
  const start = marker === "" ? 0 : known.findIndex(({ id }) => id === marker) + 1;
  const page = known.slice(start, start + Math.min(Number(wanted), 100));
  const more = start + page.length < known.length;
  const items = page.map(
    ({ id, created }) =>
      `<InvalidationSummary><Id>${id}</Id><CreateTime>${created}</CreateTime><Status>Completed</Status></InvalidationSummary>`,
  );
  return xml(
    200,
    `<InvalidationList xmlns="${NAMESPACE}"><Marker>${escapeXml(marker)}</Marker>` +
      (more ? `<NextMarker>${page.at(-1)?.id}</NextMarker>` : "") +
      `<MaxItems>${Number(wanted)}</MaxItems><IsTruncated>${more}</IsTruncated><Quantity>${page.length}</Quantity>` +
      `<Items>${items.join("")}</Items></InvalidationList>`,
  );
}

const parser = new XMLParser({ parseTagValue: false, htmlEntities: true, isArray: (name) => name === "Path" });

function read(body: string): { reference: string; paths: string[]; quantity: number } | string {
  if (body.trim() === "") {
    return "This operation requires a body.";
  }
  if (/<!DOCTYPE/i.test(body) || XMLValidator.validate(body) !== true) {
    return "The body is no XML that CloudFront takes.";
  }
  const batch = parsed(body);
  if (typeof batch !== "object") {
    return "The body is no InvalidationBatch.";
  }
  const paths = batch.Paths?.Items?.Path ?? [];
  return {
    reference: typeof batch.CallerReference === "string" ? batch.CallerReference : "",
    paths: paths.map(String),
    quantity: Number(batch.Paths?.Quantity),
  };
}

interface Batch {
  CallerReference?: unknown;
  Paths?: { Quantity?: unknown; Items?: { Path?: unknown[] } };
}

function parsed(body: string): Batch | undefined {
  try {
    return (parser.parse(body) as { InvalidationBatch?: Batch }).InvalidationBatch;
  } catch {
    // Names that the parser takes for an attack.
    return undefined;
  }
}

function describe({ id, created, reference, paths }: Invalidation): string {
  const items = paths.map((path) => `<Path>${escapeXml(path)}</Path>`).join("");
  return (
    `<Invalidation xmlns="${NAMESPACE}"><Id>${id}</Id><Status>Completed</Status><CreateTime>${created}</CreateTime>` +
    `<InvalidationBatch><Paths><Quantity>${paths.length}</Quantity><Items>${items}</Items></Paths>` +
    `<CallerReference>${escapeXml(reference)}</CallerReference></InvalidationBatch></Invalidation>`
  );
}

function refusal(status: number, code: string, message: string, requestId: string): ApiAnswer {
  const type = status < 500 ? "Sender" : "Receiver";
  return xml(
    status,
    `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>${type}</Type><Code>${code}</Code>` +
      `<Message>${escapeXml(message)}</Message></Error><RequestId>${escapeXml(requestId)}</RequestId></ErrorResponse>`,
  );
}

function xml(status: number, body: string): ApiAnswer {
  return { status, headers: { "content-type": "text/xml" }, body: `<?xml version="1.0"?>\n${body}` };
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
