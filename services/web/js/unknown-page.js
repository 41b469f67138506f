import { element } from "./elements.js";

export function unknownPage({ texts }) {
  return {
    title: texts.unknown,
    content: [
      element(
        "div",
        { class: "notice" },
        element("h1", { tabindex: "-1" }, texts.unknown),
        element("p", {}, texts.unknownHint),
        element("p", {}, element("a", { href: "/" }, texts.home)),
      ),
    ],
  };
}
