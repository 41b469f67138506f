/**
 * A path for comparing with path patterns: CloudFront normalises it by RFC 3986 (letters that need no encoding are
 * decoded, dot segments removed) to find the behavior, and sends it on as it came.
 */
export function normalisedPath(uri: string): string {
  const decoded = decodedUnreserved(uri);
  if (!decoded.includes("/.")) {
    return decoded;
  }
  const segments: string[] = [];
  const parts = decoded.slice(1).split("/");
  for (const [index, part] of parts.entries()) {
    if (part === "..") {
      segments.pop();
    }
    if (part !== "." && part !== "..") {
      segments.push(part);
    } else if (index === parts.length - 1) {
      segments.push("");
    }
  }
  return `/${segments.join("/")}`;
}

/** One spelling for all encodings of a path and query, so that an invalidation meets the object whatever a viewer sent. */
export function oneSpelling(path: string): string {
  return ascii(decodedUnreserved(path));
}

/** Encodes what no request target may hold: a function or an invalidation can say it all the same. */
export function ascii(path: string): string {
  return path.replace(/[^\x21-\x7e]+/g, (text) => encodeURIComponent(text.toWellFormed()));
}

function decodedUnreserved(path: string): string {
  return path.replace(/%([0-9a-fA-F]{2})/g, (encoded, hex: string) => {
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    return /[A-Za-z0-9\-._~]/.test(character) ? character : encoded.toUpperCase();
  });
}

/** Whether a path, once decoded, steps outside of where it starts, or has a dot segment at all. */
export function hasDotSegment(uri: string): boolean {
  return /(^|[/\\])\.{1,2}([/\\]|$)/.test(uri.replace(/%2e/gi, ".").replace(/%2f/gi, "/").replace(/%5c/gi, "\\"));
}
