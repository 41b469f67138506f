import { element } from "./elements.js";

/** Those of edge-lambdas/functions/thumbnail: others are not made. */
const WIDTHS = [320, 640, 960, 1200, 1920];

/** The form that the API gives image keys: none leads out of /images. */
const KEY = /^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/;

/** Undefined where the campaign has no picture. */
export function sources(imageKey) {
  if (typeof imageKey !== "string" || !KEY.test(imageKey)) {
    return undefined;
  }
  const url = (width) => `/images/${imageKey}?w=${width}`;
  return { src: url(960), srcset: WIDTHS.map((width) => `${url(width)} ${width}w`).join(", ") };
}

/** A picture that cannot be loaded is as good as none. */
export function picture(imageKey, attributes) {
  const found = sources(imageKey);
  if (found === undefined) {
    return undefined;
  }
  return element("img", {
    class: "picture",
    decoding: "async",
    onload: ({ target }) => target.classList.toggle("upright", target.naturalHeight > target.naturalWidth),
    onerror: ({ target }) => target.remove(),
    ...attributes,
    ...found,
  });
}
