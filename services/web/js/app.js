import { campaignPage } from "./campaign-page.js";
import { campaignsPage } from "./campaigns-page.js";
import { element } from "./elements.js";
import { routeOf } from "./route.js";
import { languageOf, TEXTS } from "./texts.js";
import { unknownPage } from "./unknown-page.js";

const language = languageOf(navigator.languages);
const texts = TEXTS[language];
const main = document.getElementById("main");
const announcement = document.getElementById("announcement");

/** Ends what the page before was still waiting for. */
let current = new AbortController();

function announce(text) {
  announcement.textContent = text;
}

function pageOf(route, context) {
  switch (route.page) {
    case "campaigns":
      return campaignsPage(context);
    case "campaign":
      return campaignPage(route.slug, context);
    default:
      return unknownPage(context);
  }
}

function failurePage() {
  return {
    title: texts.failed,
    content: [
      element(
        "div",
        { class: "notice" },
        element("h1", { tabindex: "-1" }, texts.failed),
        element("p", {}, texts.failedHint),
        element("button", { type: "button", onclick: () => show(true) }, texts.again),
      ),
    ],
  };
}

/** Where a reader has clicked, the focus goes to the new heading, as a new document's would. */
async function show(moveFocus) {
  current.abort();
  const { signal } = (current = new AbortController());
  main.replaceChildren(element("div", { class: "bones" }));
  main.setAttribute("aria-busy", "true");
  announce(texts.loading);
  let page;
  try {
    page = await pageOf(routeOf(location.pathname), { texts, language, signal, announce });
  } catch (error) {
    if (signal.aborted) {
      return;
    }
    console.error(error);
    page = failurePage();
  }
  if (signal.aborted) {
    return;
  }
  document.title = `${page.title} · Backline`;
  main.removeAttribute("aria-busy");
  main.replaceChildren(...page.content);
  announce(page.title);
  if (moveFocus) {
    main.querySelector("h1")?.focus();
  }
}

/** Pages of this site are shown without loading another document; everything else is the browser's. */
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  if (!link || !isPlain || event.defaultPrevented || link.origin !== location.origin || link.hash || link.target) {
    return;
  }
  if (routeOf(link.pathname).page !== "unknown") {
    event.preventDefault();
    history.pushState(undefined, "", link.href);
    scrollTo(0, 0);
    show(true);
  }
});

addEventListener("popstate", () => show(true));

document.documentElement.lang = language;
document.getElementById("skip").textContent = texts.skip;
show(false);
