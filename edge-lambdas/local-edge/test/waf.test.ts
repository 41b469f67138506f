import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Rule, WebAcl } from "../src/configuration/model.ts";
import { firewall } from "../src/waf.ts";
import { ask, origin, page, place, result, settings, start } from "./desk.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

async function behind(rules: Rule[], defaultAction: WebAcl["defaultAction"] = "allow") {
  const service = await origin(page("hello"));
  const more = { webAcls: { acl: { defaultAction, rules } } };
  const edge = await start(settings({ more, distribution: { webAcl: "acl" } }), place(service.url));
  return { edge, service };
}

test("an address in a blocked network gets 403, also for what is in the cache", async () => {
  const { edge, service } = await behind([
    { name: "bad", action: "block", addresses: ["127.0.0.2/32", "2001:db8::/32"] },
  ]);
  expect((await ask(edge, "/a")).status).toBe(200);
  const got = await ask(edge, "/a", { from: "127.0.0.2" });
  expect([got.status, result(got), got.body.includes("WAF rule bad")]).toEqual([403, "Error", true]);
  expect(service.requests).toHaveLength(1);
});

test("X-Forwarded-For does not change whose address it is", async () => {
  const { edge } = await behind([{ name: "bad", action: "block", addresses: ["127.0.0.2/32"] }]);
  const headers = { "x-forwarded-for": "127.0.0.3" };
  expect((await ask(edge, "/a", { from: "127.0.0.2", headers })).status).toBe(403);
});

test("a user agent is matched by its parts without regard to letter case, or by its absence", async () => {
  const { edge } = await behind([
    { name: "scanners", action: "block", userAgentContains: ["sqlmap", "nikto"] },
    { name: "nameless", action: "block", userAgentMissing: true },
  ]);
  const as = async (agent?: string) =>
    (await ask(edge, "/", agent === undefined ? {} : { headers: { "user-agent": agent } })).status;
  expect(await as("Mozilla/5.0 SQLMap/1.8")).toBe(403);
  expect(await as("Mozilla/5.0")).toBe(200);
  expect(await as("")).toBe(403);
  expect(await as()).toBe(403);
});

test("a Connection header hides nothing from the rules", async () => {
  const { edge } = await behind([{ name: "scanners", action: "block", userAgentContains: ["sqlmap"] }]);
  const headers = { "user-agent": "sqlmap/1.8", connection: "close, user-agent" };
  expect((await ask(edge, "/", { headers })).status).toBe(403);
});

test("the first rule that allows or blocks decides; one that counts does not", async () => {
  const { edge } = await behind([
    { name: "watched", action: "count", userAgentMissing: true },
    { name: "ours", action: "allow", addresses: ["127.0.0.1/32"] },
    { name: "nobody", action: "block", addresses: ["127.0.0.0/8"] },
  ]);
  expect((await ask(edge, "/")).status).toBe(200);
  expect((await ask(edge, "/", { from: "127.0.0.2" })).status).toBe(403);
  expect((await ask(edge, "/__edge")).body).toContain("counted: watched");
});

test("a default of block lets in only what a rule allows", async () => {
  const { edge } = await behind([{ name: "ours", action: "allow", addresses: ["127.0.0.1/32"] }], "block");
  expect((await ask(edge, "/")).status).toBe(200);
  expect((await ask(edge, "/", { from: "127.0.0.2" })).status).toBe(403);
});

test("a rate is counted per address over its window, blocks above the limit and lets go when the window has passed", async () => {
  const { edge } = await behind([{ name: "rate", action: "block", rate: { limit: 10, window: 300 } }]);
  const times = async (count: number, from = "127.0.0.1") => {
    const statuses = [];
    for (let i = 0; i < count; i++) {
      statuses.push((await ask(edge, "/a", { from })).status);
    }
    return statuses;
  };
  expect(await times(10)).toEqual(Array(10).fill(200));
  expect(await times(2)).toEqual([403, 403]);
  expect(await times(1, "127.0.0.2")).toEqual([200]);
  vi.setSystemTime(Date.now() + 200_000);
  expect(await times(1)).toEqual([403]);
  vi.setSystemTime(Date.now() + 310_000);
  expect(await times(1)).toEqual([200]);
});

test("a rate for some paths counts these only", () => {
  const acl: WebAcl = {
    defaultAction: "allow",
    rules: [{ name: "api", action: "block", rate: { limit: 10, pathStartsWith: "/api/" } }],
  };
  const check = firewall(acl);
  const request = (uri: string) => check({ address: "192.0.2.1", uri, headers: new Map() }).action;
  for (let i = 0; i < 20; i++) {
    expect(request("/a")).toBe("allow");
  }
  const actions = Array.from({ length: 12 }, () => request("/api/x"));
  expect(actions.filter((action) => action === "block")).toHaveLength(2);
});
