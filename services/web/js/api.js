/** What the API says no to, by its HTTP status. */
export class ApiError extends Error {
  constructor(status) {
    super(`The API answers with ${status}`);
    this.status = status;
  }
}

/** Longer than any answer that is worth waiting for. */
const TIMEOUT_MILLIS = 10_000;

async function get(path, signal) {
  const response = await fetch(path, {
    headers: { Accept: "application/json" },
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MILLIS)]),
  });
  if (!response.ok) {
    throw new ApiError(response.status);
  }
  return response.json();
}

export function campaign(slug, signal) {
  return get(`/api/campaigns/${encodeURIComponent(slug)}`, signal);
}

/** Closed ones are among them, so that a page can have none to show and there is still a next one. */
export async function publishedCampaigns(cursor, signal) {
  const published = [];
  let next = cursor;
  do {
    const query = new URLSearchParams({ limit: "20" });
    if (next) {
      query.set("cursor", next);
    }
    const page = await get(`/api/campaigns?${query}`, signal);
    published.push(...page.items.filter((item) => item.status === "published"));
    next = page.nextCursor;
  } while (next && published.length === 0);
  return { campaigns: published, next };
}
