import type { CloudFrontHeaders } from "aws-lambda";

/** `x-viewer-kind` as CloudFront writes it: `X-Viewer-Kind`. */
export function capitalized(name: string): string {
  return name.toLowerCase().replace(/(^|-)([a-z])/g, (part) => part.toUpperCase());
}

/** The values of a header by its name in lower case. */
export function valuesOf(headers: CloudFrontHeaders | undefined, name: string): string[] {
  return headers?.[name]?.map((entry) => entry.value) ?? [];
}

/** Name, colon, space, value and line end of each line, in bytes. */
export function sizeOf(headers: CloudFrontHeaders | undefined): number {
  let bytes = 0;
  for (const [name, entries] of Object.entries(headers ?? {})) {
    for (const { value } of entries) bytes += Buffer.byteLength(name) + Buffer.byteLength(value) + 4;
  }
  return bytes;
}

/** Names in lower case, a `key` in every entry, no name without an entry. */
export function normalized(headers: CloudFrontHeaders | undefined): CloudFrontHeaders {
  const result = new Map<string, CloudFrontHeaders[string]>();
  for (const [name, entries] of Object.entries(headers ?? {})) {
    if (entries.length === 0) continue;
    const lines = entries.map(({ key, value }) => ({ key: key ?? capitalized(name), value }));
    result.set(name.toLowerCase(), [...(result.get(name.toLowerCase()) ?? []), ...lines]);
  }
  // A header may be called __proto__: fromEntries makes it an ordinary key.
  return Object.fromEntries(result);
}

/** Splits headers by what functions may see; the hidden ones are put back after the function. */
export function split(
  headers: CloudFrontHeaders,
  hidden: (name: string) => boolean,
): { seen: CloudFrontHeaders; unseen: CloudFrontHeaders } {
  const unseen = Object.keys(headers).filter(hidden);
  if (unseen.length === 0) return { seen: headers, unseen: {} };
  const entries = Object.entries(headers);
  return {
    seen: Object.fromEntries(entries.filter(([name]) => !unseen.includes(name))),
    unseen: Object.fromEntries(entries.filter(([name]) => unseen.includes(name))),
  };
}
