import assert from "node:assert/strict";
import test from "node:test";
import { handler } from "../expire-logs.mjs";
import { serve } from "./server.mjs";

test("deletes the days before those that are kept, and none of those", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: Date.UTC(2026, 10, 22, 3) });
  const search = await serve(t, (request) => (request.path === "/logs-2026.11.07" ? {} : { status: 404 }));
  Object.assign(process.env, { SEARCH_ENDPOINT: search.url, KEEP_DAYS: "14" });

  await handler();

  assert.deepEqual(search.requests.map(({ method, path }) => `${method} ${path}`).slice(0, 3), [
    "DELETE /logs-2026.11.07",
    "DELETE /logs-2026.11.06",
    "DELETE /logs-2026.11.05",
  ]);
  assert.equal(search.requests.length, 14);
});

test("fails, and so raises the alarm, when OpenSearch refuses", async (t) => {
  const search = await serve(t, () => ({ status: 403 }));
  Object.assign(process.env, { SEARCH_ENDPOINT: search.url, KEEP_DAYS: "14" });

  await assert.rejects(handler, /HTTP 403/);
});
