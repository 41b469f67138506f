import { type DefaultTreeAdapterMap, parse } from "parse5";

type Node = DefaultTreeAdapterMap["node"];
type Element = DefaultTreeAdapterMap["element"];

/** What a crawler sees of a page. */
export function readPage(html: string) {
  const errors: string[] = [];
  const elements = [...elementsOf(parse(html, { onParseError: ({ code }) => errors.push(code) }))];
  const metas = elements.filter((element) => element.tagName === "meta");
  return {
    errors,
    elements: elements.map((element) => element.tagName),
    title: textOf(elements.find((element) => element.tagName === "title")),
    text: textOf(elements.find((element) => element.tagName === "body")),
    canonical: attribute(
      elements.find((element) => attribute(element, "rel") === "canonical"),
      "href",
    ),
    links: elements.filter((element) => element.tagName === "a").map((element) => attribute(element, "href")),
    tags: Object.fromEntries(
      metas.map((meta) => [attribute(meta, "property") ?? attribute(meta, "name"), attribute(meta, "content")]),
    ),
    attributes: new Set(elements.flatMap((element) => element.attrs.map(({ name }) => name))),
  };
}

function* elementsOf(node: Node): Generator<Element> {
  if ("tagName" in node) {
    yield node;
  }
  if ("childNodes" in node) {
    for (const child of node.childNodes) {
      yield* elementsOf(child);
    }
  }
}

function textOf(node: Node | undefined): string {
  if (node === undefined) {
    return "";
  }
  if ("value" in node) {
    return node.value;
  }
  return "childNodes" in node ? node.childNodes.map(textOf).join("") : "";
}

function attribute(element: Element | undefined, name: string): string | undefined {
  return element?.attrs.find((attribute) => attribute.name === name)?.value;
}
