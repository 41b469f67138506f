import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { isIP } from "node:net";
import type { ObjectCache } from "./cache.ts";
import type { Distribution } from "./distribution.ts";
import { escapeHtml } from "./error-page.ts";
import type { Exchange } from "./exchange.ts";
import type { Parsed } from "./viewer-request.ts";

export interface Inspector {
  /** Whether a request on the viewers' port is for the page: on loopback only, under a name that no other site can have. */
  serves(request: IncomingMessage, parsed: Parsed): boolean;
  /** The same on the control port: whoever reaches it is trusted, a page of another site in a browser is not. */
  servesControl(parsed: Parsed): boolean;
  serve(request: IncomingMessage, response: ServerResponse, parsed: Parsed): void;
  record(x: Exchange): void;
}

const KEPT = 100;

/** The page of the last requests. */
export function inspector(cache: ObjectCache, hosts: Map<string, Distribution>): Inspector {
  const last: Exchange[] = [];
  const isPage = ({ host, uri }: Parsed) => {
    const name = host.replace(/^\[|\]$/g, "");
    return (
      (uri === "/__edge" || uri.startsWith("/__edge/")) &&
      // A page of another site whose name was made to point here sends its own Host.
      (name === "localhost" || isLoopback(name) || hosts.has(host))
    );
  };
  return {
    serves: ({ socket }, parsed) => isLoopback(socket.remoteAddress) && isPage(parsed),
    servesControl: isPage,
    serve(request, response, { uri, querystring }) {
      if (!/^(GET|HEAD)$/.test(request.method ?? "")) {
        response.writeHead(405, { allow: "GET, HEAD" }).end();
      } else if (uri === "/__edge/health") {
        response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" });
        response.end('{"status":"UP"}');
      } else if (uri === "/__edge") {
        response.writeHead(200, {
          "content-type": "text/html; charset=utf-8",
          "cache-control": "no-store",
          "content-security-policy": CSP,
          "referrer-policy": "no-referrer",
          "x-content-type-options": "nosniff",
        });
        response.end(document(last, cache, new URLSearchParams(querystring).get("q") ?? ""));
      } else {
        response.writeHead(404).end();
      }
    },
    record(x) {
      last.unshift(x);
      last.length = Math.min(last.length, KEPT);
    },
  };
}

function isLoopback(address = ""): boolean {
  // 127.0.0.1.evil.example is a name, and may stand for any address.
  return isIP(address) !== 0 && (/^(::ffff:)?127\./.test(address) || address === "::1");
}

const STYLE = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); --soft: color-mix(in srgb, currentColor 62%, transparent) }
* { box-sizing: border-box }
body { margin: 0; font: 13px/1.45 system-ui, sans-serif }
header { display: flex; gap: 1rem; align-items: baseline; padding: .7rem 1rem; border-bottom: 1px solid var(--line); flex-wrap: wrap }
h1 { font-size: 1rem; margin: 0 }
header p { margin: 0; color: var(--soft) }
form { margin-left: auto; display: flex; gap: .8rem; align-items: baseline }
input[type=search] { font: inherit; padding: .2rem .5rem; width: 15rem }
table { border-collapse: collapse; width: 100% }
th { text-align: left; font-weight: 600; color: var(--soft) }
th, td { padding: .35rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top }
td { overflow-wrap: anywhere }
.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; overflow-wrap: normal }
.t { white-space: nowrap; color: var(--soft) }
.result { border-radius: .6rem; padding: 0 .45rem; white-space: nowrap; border: 1px solid currentColor }
.Hit, .RefreshHit { color: light-dark(#0a6b2d, #5fd38a) }
.Miss { color: light-dark(#8a5a00, #e7b75a) }
.Generated { color: light-dark(#1f4fb5, #8fb3ff) }
.Error { color: light-dark(#b3261e, #ff8a80) }
small { color: var(--soft); display: block }
.b, .events div { white-space: nowrap }
.empty { padding: 3rem 1rem; text-align: center; color: var(--soft) }
@media (max-width: 60rem) { .wide { display: none } }
`;

const SCRIPT = `
const live = document.getElementById("live");
const search = document.getElementById("search");
const kept = sessionStorage.getItem("live");
live.checked = kept === null ? true : kept === "yes";
live.addEventListener("change", () => sessionStorage.setItem("live", live.checked ? "yes" : "no"));
const filter = () => {
  const wanted = search.value.toLowerCase();
  for (const row of document.querySelectorAll("tbody tr")) {
    row.hidden = !row.textContent.toLowerCase().includes(wanted);
  }
};
search.addEventListener("input", filter);
document.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
filter();
setInterval(async () => {
  if (!live.checked || document.hidden) return;
  try {
    const page = new DOMParser().parseFromString(await (await fetch(location.pathname)).text(), "text/html");
    document.querySelector("main").replaceWith(page.querySelector("main"));
    document.querySelector("header p").replaceWith(page.querySelector("header p"));
    filter();
  } catch {}
}, 1000);
`;

const CSP = [
  "default-src 'none'",
  `style-src '${hash(STYLE)}'`,
  `script-src '${hash(SCRIPT)}'`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

function hash(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

function document(last: Exchange[], cache: ObjectCache, query: string): string {
  const { objects, bytes } = cache.stats();
  const table =
    last.length === 0
      ? '<p class="empty">No request yet.</p>'
      : `<table><thead><tr><th>Time<th>Request<th>Behavior<th>Functions<th>Cache<th class="wide">Origin<th class="n">Status<th class="n">ms</tr></thead>
<tbody>${last.map(row).join("\n")}</tbody></table>`;
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>local-edge</title>
<style>${STYLE}</style></head><body>
<header><h1>local-edge</h1><p>${objects} objects cached, ${(bytes / 1024).toFixed(0)} KB</p>
<form><input id="search" type="search" placeholder="Filter" aria-label="Filter" value="${escapeHtml(query)}"> <label><input id="live" type="checkbox"> live</label></form></header>
<main>${table}</main>
<script>${SCRIPT}</script></body></html>
`;
}

function row(x: Exchange): string {
  const url = `${x.host}${x.uri}${x.querystring === "" ? "" : `?${x.querystring}`}`;
  const events = x.events.map(
    ({ event, name, millis, outcome, logs }) =>
      `<div title="${escapeHtml([outcome, ...logs].join("\n").slice(0, 2000))}">${escapeHtml(event)} <b>${escapeHtml(name)}</b> ${millis.toFixed(1)} ms</div>`,
  );
  const origin =
    x.origin === undefined
      ? ""
      : `${escapeHtml(x.origin.name)} <small>${escapeHtml(x.origin.place)} ${x.origin.status ?? ""} ${x.origin.millis.toFixed(1)} ms</small>`;
  const reason = x.reason === undefined ? "" : `<small>${escapeHtml(x.reason)}</small>`;
  const counted = x.counted.length === 0 ? "" : `<small>counted: ${escapeHtml(x.counted.join(", "))}</small>`;
  const kind = x.result.endsWith("GeneratedResponse") ? "Generated" : x.result.endsWith("Error") ? "Error" : x.result;
  return (
    `<tr title="X-Amz-Cf-Id ${escapeHtml(x.requestId)}"><td class="t">${x.time.toISOString().slice(11, 23)}<td>${escapeHtml(x.method)} ${escapeHtml(decoded(url).slice(0, 500))}` +
    `<td class="b">${escapeHtml(x.distribution ?? "")}<small>${escapeHtml(x.behavior ?? "")}</small>` +
    `<td class="events">${events.join("")}<td><span class="result ${kind}">${escapeHtml(x.result)}</span>${reason}${counted}` +
    `<td class="wide">${origin}<td class="n">${x.status}<td class="n">${x.finished.toFixed(1)}</tr>`
  );
}

/** Readable where it is valid, as it came where it is not; escaped after this. */
function decoded(url: string): string {
  try {
    return decodeURI(url);
  } catch {
    return url;
  }
}
