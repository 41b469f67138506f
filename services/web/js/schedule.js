/** Where a campaign stands: `upcoming`, `open` or `closed`. Times that are not given limit nothing. */
export function stateOf({ status, opensAt, closesAt }, now = Date.now()) {
  if (status === "closed" || (closesAt && Date.parse(closesAt) <= now)) {
    return "closed";
  }
  return opensAt && Date.parse(opensAt) > now ? "upcoming" : "open";
}

/** In the reader's own time zone, which it names. */
export function timeText(instant, language) {
  return new Intl.DateTimeFormat(language, {
    year: "numeric",
    month: "long",
    day: "numeric",
    weekday: "short",
    hour: "numeric",
    minute: "2-digit",
    timeZoneName: "short",
  }).format(new Date(instant));
}
