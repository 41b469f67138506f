import { expect, test } from "vitest";
import { ask, origin, page, place, settings, start } from "./desk.ts";

test("the page shows the last requests: behavior, cache result, origin, status", async () => {
  const service = await origin(page("hello"));
  const edge = await start(settings({}), place(service.url));
  await ask(edge, "/campaigns/%EB%B4%84?from=kakao");
  await ask(edge, "/campaigns/%EB%B4%84?from=kakao");
  const got = await ask(edge, "/__edge");
  expect(got.headers["content-type"]).toBe("text/html; charset=utf-8");
  expect(got.body.match(/localhost\/campaigns\/봄\?from=kakao/g)).toHaveLength(2);
  expect(got.body).toMatch(/result Hit">Hit.*result Miss">Miss/s);
  expect(got.body).toContain(service.url.slice(7));
});

test("what a viewer sends is shown as text, and the page runs no script but its own", async () => {
  const service = await origin(page("hello"));
  const edge = await start(settings({}), place(service.url));
  const attack = `/%3Cscript%3Ealert(1)%3C/script%3E"'><img/onerror=alert(1)>`;
  await ask(edge, attack, { host: "localhost" });
  await ask(edge, "/", { host: `"><script>alert(2)</script>` });
  const got = await ask(edge, `/__edge?q="><script>`);
  expect(got.body).not.toMatch(/<script>alert|<img|"><script>/);
  expect(got.body.match(/<script>/g)).toHaveLength(1);
  const policy = got.headers["content-security-policy"];
  expect(policy).toContain("default-src 'none'");
  expect(policy).toMatch(/script-src 'sha256-[^']+'/);
  expect(policy).not.toContain("unsafe");
});

test("the page is for loopback and this host's own names", async () => {
  const service = await origin(page("hello"));
  const edge = await start(settings({}), place(service.url));
  for (const host of ["rebound.example", "127.0.0.1.rebound.example", "127.rebound.example"]) {
    expect((await ask(edge, "/__edge", { host })).status).toBe(403);
  }
  expect((await ask(edge, "/__edge", { host: "127.0.0.1:8080" })).status).toBe(200);
  expect((await ask(edge, "/__edge", { method: "POST" })).status).toBe(405);
  expect((await ask(edge, "/__edge/other")).status).toBe(404);
  expect((await ask(edge, "/__edgeother")).body).toBe("hello");
});

test("health is UP, and asking for it is no request of a viewer", async () => {
  const service = await origin(page("hello"));
  const edge = await start(settings({}), place(service.url));
  expect((await ask(edge, "/__edge/health")).body).toBe('{"status":"UP"}');
  expect((await ask(edge, "/__edge")).body).toContain("No request yet.");
});
