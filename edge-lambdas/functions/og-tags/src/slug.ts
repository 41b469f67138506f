/** The form that be-api gives slugs: words of lower-case ASCII letters, digits and Hangul syllables, in NFC. */
const WORDS = /^[a-z0-9가-힣]+(-[a-z0-9가-힣]+)*$/;
const MIN_LENGTH = 2;
const MAX_LENGTH = 80;

export interface Address {
  slug: string;
  /** Whether the path is the one that is invalidated when the campaign changes. */
  canonical: boolean;
}

/** The one spelling of a campaign's path, which is invalidated when the campaign changes. */
export function campaignPath(slug: string): string {
  return `/campaigns/${encodeURIComponent(slug)}`;
}

/** The campaign that a path is of, such as `/campaigns/%EB%B4%84-2026`; undefined where none can exist. */
export function readPath(uri: string): Address | undefined {
  const segment = /^\/campaigns\/([^/]+)\/?$/.exec(uri)?.[1];
  const decoded = segment && decode(segment);
  const slug = decoded?.normalize("NFC");
  if (!slug || slug.length < MIN_LENGTH || slug.length > MAX_LENGTH || !WORDS.test(slug)) {
    return undefined;
  }
  return { slug, canonical: uri === campaignPath(slug) };
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
