/**
 * An element with attributes and children. Texts become text nodes and never markup; attributes that are undefined are
 * left out; `on…` takes a listener.
 */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      made.addEventListener(attribute.slice("on".length), value);
    } else if (value !== undefined) {
      made.setAttribute(attribute, value);
    }
  }
  made.append(...children.filter((child) => child !== undefined && child !== null));
  return made;
}
