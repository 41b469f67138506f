import { ApiError, campaign as readCampaign } from "./api.js";
import { element } from "./elements.js";
import { picture } from "./picture.js";
import { pathOf } from "./route.js";
import { stateOf, timeText } from "./schedule.js";
import { unknownPage } from "./unknown-page.js";

export async function campaignPage(slug, context) {
  const { texts, language, signal } = context;
  let campaign;
  try {
    campaign = await readCampaign(slug, signal);
  } catch (error) {
    // 400: the slug has a form that no campaign has.
    if (error instanceof ApiError && (error.status === 400 || error.status === 404 || error.status === 410)) {
      return unknownPage(context);
    }
    throw error;
  }
  const { title, description, imageKey } = campaign;
  const state = stateOf(campaign);
  return {
    title,
    content: [
      element(
        "article",
        { class: "campaign" },
        picture(imageKey, { alt: texts.picture(title), fetchpriority: "high", sizes: "(min-width: 66rem) 64rem, 100vw" }),
        element("span", { class: state === "open" ? "badge open" : "badge" }, texts[state]),
        element("h1", { tabindex: "-1" }, title),
        state === "closed" ? element("p", {}, texts.closedHint) : undefined,
        facts(campaign, texts, language),
        description && element("p", { class: "description" }, description),
        state === "closed" ? undefined : shareButton(campaign, context),
      ),
    ],
  };
}

function facts({ artist, city, opensAt, closesAt }, texts, language) {
  const time = (instant) => instant && element("time", { datetime: instant }, timeText(instant, language));
  const rows = [
    [texts.artist, artist],
    [texts.city, city],
    [texts.opens, time(opensAt)],
    [texts.closes, time(closesAt)],
  ].filter(([, value]) => value);
  return rows.length === 0
    ? undefined
    : element("dl", { class: "facts" }, ...rows.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
}

/** The canonical address, without what the reader's own link brought along. */
function shareButton({ slug, title }, { texts, announce }) {
  async function share() {
    const url = new URL(pathOf(slug), location.origin).href;
    try {
      if (navigator.share) {
        await navigator.share({ title, url });
      } else {
        await navigator.clipboard.writeText(url);
        announce(texts.copied);
        note.textContent = texts.copied;
      }
    } catch (error) {
      // Whoever closes the system's dialogue has changed their mind.
      if (error.name !== "AbortError") {
        announce(texts.notCopied);
        note.textContent = texts.notCopied;
      }
    }
  }

  const note = element("span", { class: "soft", "aria-hidden": "true" });
  return element("p", {}, element("button", { type: "button", onclick: share }, texts.share), " ", note);
}
