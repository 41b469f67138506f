import { domainToASCII } from "node:url";

const LONGEST_HOST = 100;

/** A longer header cannot be a page that a person came from; it is not worth reading. */
const LONGEST_HEADER = 4_096;

/**
 * Of a referring page its host only: in punycode and lower case, at most 100 characters. Null when there is no page, or
 * it is one of ours, or its host is an address: addresses can be a person's.
 */
export function referrerHost(referer: string | undefined, ownHost: string): string | null {
  if (referer === undefined || referer.length > LONGEST_HEADER) {
    return null;
  }
  const authority = /^https?:\/\/([^/?#\\]*)/i.exec(referer)?.[1] ?? "";
  const host = hostName(authority.slice(authority.lastIndexOf("@") + 1).replace(/:.*$/s, ""));
  return host === ownHost ? null : host;
}

function hostName(text: string): string | null {
  const name = ascii(text.replace(/\.$/, "")).toLowerCase();
  const lastLabel = name.slice(name.lastIndexOf(".") + 1);
  return /^[a-z0-9.-]+$/.test(name) && /^[^0-9]/.test(lastLabel) ? name.slice(0, LONGEST_HOST) : null;
}

/** Empty for what is no name. Only other scripts are asked about: Node.js would decode `%`, and read numbers as addresses. */
function ascii(name: string): string {
  if (/^[a-z0-9.-]*$/i.test(name)) {
    return name;
  }
  return /^[a-z0-9.\u0080-\uffff-]+$/i.test(name) ? domainToASCII(name) : "";
}
