/** What a path shows. A slug that cannot be decoded is nobody's. */
export function routeOf(path) {
  if (path === "/" || path === "/index.html") {
    return { page: "campaigns" };
  }
  const encoded = /^\/campaigns\/([^/]+)\/?$/.exec(path)?.[1];
  try {
    return encoded === undefined ? { page: "unknown" } : { page: "campaign", slug: decodeURIComponent(encoded) };
  } catch {
    return { page: "unknown" };
  }
}

export function pathOf(slug) {
  return `/campaigns/${encodeURIComponent(slug)}`;
}
