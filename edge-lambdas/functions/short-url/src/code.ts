/** Longer than any code that be-api gives out. */
const LONGEST_CODE = 64;

/** Decomposed Hangul takes up to three characters for one. */
const LONGEST_TEXT = 3 * LONGEST_CODE;

/** Three characters for each byte of UTF-8, which has up to four bytes per character. */
const LONGEST_PATH = LONGEST_TEXT * 4 * 3;

/**
 * The code that a path asks to be followed: 1 to 64 letters, digits, `-` or `_` of any script, in NFC. Undefined for
 * everything else: pages, QR codes, what no link can have, what is no path.
 */
export function codeIn(path: string): string | undefined {
  if (path.length > LONGEST_PATH || !/^\/[\x21-\x7e]+$/.test(path)) {
    return undefined;
  }
  const text = decoded(path.slice(1));
  if (text === undefined || text.length > LONGEST_TEXT) {
    return undefined;
  }
  const code = text.normalize("NFC");
  return code.length <= LONGEST_CODE && /^[\p{L}\p{Nd}_-]+$/u.test(code) ? code : undefined;
}

/** Undefined for broken percent encoding and for what is not UTF-8. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
