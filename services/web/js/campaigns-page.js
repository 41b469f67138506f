import { publishedCampaigns } from "./api.js";
import { element } from "./elements.js";
import { picture } from "./picture.js";
import { pathOf } from "./route.js";
import { stateOf } from "./schedule.js";

/** The list, newest first. */
export async function campaignsPage({ texts, signal, announce }) {
  const { campaigns, next } = await publishedCampaigns(undefined, signal);
  const title = element("h1", { tabindex: "-1" }, texts.campaigns);
  if (campaigns.length === 0) {
    return { title: texts.campaigns, content: [title, element("p", { class: "notice" }, texts.none)] };
  }
  const list = element("ul", { class: "campaigns" }, ...campaigns.map((campaign, index) => card(campaign, index, texts)));
  const content = [title, list];
  if (next) {
    content.push(moreButton(list, next, { texts, signal, announce }));
  }
  return { title: texts.campaigns, content };
}

function card({ title, artist, city, imageKey, ...schedule }, index, texts) {
  const place = [artist, city].filter(Boolean).join(" · ");
  const state = stateOf(schedule);
  return element(
    "li",
    {},
    element(
      "article",
      { class: "card" },
      // The heading says what it shows.
      picture(imageKey, {
        alt: "",
        loading: index < 3 ? "eager" : "lazy",
        sizes: "(min-width: 64rem) 20rem, (min-width: 40rem) 45vw, 100vw",
      }),
      element(
        "div",
        { class: "text" },
        state === "open" ? undefined : element("span", { class: "badge" }, texts[state]),
        element("h2", {}, element("a", { href: pathOf(schedule.slug) }, title)),
        place && element("p", { class: "soft" }, place),
      ),
    ),
  );
}

function moreButton(list, first, { texts, signal, announce }) {
  let cursor = first;
  let busy = false;
  const button = element("button", { type: "button", onclick: load }, texts.more);

  async function load() {
    if (busy) {
      return;
    }
    busy = true;
    button.setAttribute("aria-disabled", "true");
    try {
      const { campaigns, next } = await publishedCampaigns(cursor, signal);
      const cards = campaigns.map((campaign, index) => card(campaign, index + 3, texts));
      list.append(...cards);
      cards[0]?.querySelector("a").focus();
      cursor = next;
      if (!next) {
        button.remove();
      }
    } catch (error) {
      if (!signal.aborted) {
        announce(texts.failed);
        button.textContent = texts.again;
      }
    } finally {
      busy = false;
      button.removeAttribute("aria-disabled");
    }
  }

  return button;
}
