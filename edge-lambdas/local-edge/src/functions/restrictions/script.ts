import { type AnyNode, parse } from "acorn";
import { pages } from "./pages.ts";
import { type FunctionKind, isObject, type Restriction, viewerEvents } from "./restriction.ts";

/** A CloudFront Function's syntax. */
export interface Script {
  kind: FunctionKind;
  eventType: "viewer-request";
  nodes: AnyNode[];
}

function has(name: string, is: (node: AnyNode) => boolean): Restriction<Script> {
  return {
    name: `Runtime 2.0 has no ${name}`,
    of: "CloudFront Functions",
    at: viewerEvents,
    page: pages.functionLanguage,
    broken: ({ nodes }) => {
      const node = nodes.find(is);
      return node === undefined ? undefined : `Line ${node.loc?.start.line} has ${name}`;
    },
  };
}

/** "The following topics list all supported features": what newer JavaScript has beside that list. */
export const scriptRestrictions: readonly Restriction<Script>[] = [
  has("classes", ({ type }) => type === "ClassDeclaration" || type === "ClassExpression"),
  has("generators", (node) => "generator" in node && node.generator === true),
  has("for-of loops", ({ type }) => type === "ForOfStatement"),
  has("destructuring", ({ type }) => type === "ObjectPattern" || type === "ArrayPattern"),
  has("default parameters", ({ type }) => type === "AssignmentPattern"),
  has("spread syntax", ({ type }) => type === "SpreadElement"),
  has("optional chaining", ({ type }) => type === "ChainExpression"),
  has(
    "nullish coalescing and logical assignment",
    (node) =>
      (node.type === "LogicalExpression" && node.operator === "??") ||
      (node.type === "AssignmentExpression" && ["??=", "||=", "&&="].includes(node.operator)),
  ),
  has("BigInt literals", (node) => node.type === "Literal" && typeof node.bigint === "string"),
  has(
    "asynchronous closures",
    (node) => (node.type === "FunctionExpression" || node.type === "ArrowFunctionExpression") && node.async,
  ),
];

/** Undefined when it is no JavaScript, which the engine says better. */
export function scriptOf(code: string): Script | undefined {
  const nodes: AnyNode[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (!isObject(value)) return;
    if (typeof value["type"] === "string") nodes.push(value as unknown as AnyNode);
    Object.values(value).forEach(visit);
  };
  try {
    visit(parse(code, { ecmaVersion: "latest", sourceType: "script", locations: true }));
  } catch {
    return undefined;
  }
  return { kind: "CloudFront Functions", eventType: "viewer-request", nodes };
}
