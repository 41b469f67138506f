import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ask, origin, page, place, raw, settings, start } from "./desk.ts";

async function logged(
  requests: (edge: { port: number }) => Promise<unknown>,
  lines: number,
): Promise<Record<string, string>[]> {
  const folder = mkdtempSync(join(tmpdir(), "edge-log-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "access.log");
  const service = await origin((request, response) =>
    page("hello", { "content-type": "text/plain" }, request.url === "/lost" ? 404 : 200)(request, response),
  );
  const edge = await start(settings({}), place(service.url), { accessLog: file });
  await requests(edge);
  await expect.poll(() => readFileSync(file, "utf8").trimEnd().split("\n").length).toBe(lines + 2);
  const [version, fields = "", ...rest] = readFileSync(file, "utf8").trimEnd().split("\n");
  expect(version).toBe("#Version: 1.0");
  const names = fields.replace("#Fields: ", "").split(" ");
  expect(names).toHaveLength(33);
  return rest.map((line) => {
    const values = line.split("\t");
    expect(values).toHaveLength(33);
    return Object.fromEntries(names.map((name, i) => [name, values[i] ?? ""]));
  });
}

test("each request is a line of 33 fields", async () => {
  const [miss, hit, lost] = await logged(async (edge) => {
    const headers = { "user-agent": "Mozilla/5.0 (X11)", referer: "http://a/", cookie: "session=secret" };
    await ask(edge, "/a?x=1", { headers });
    await ask(edge, "/a?x=1", { headers: { range: "bytes=1-2" } });
    await ask(edge, "/lost");
  }, 3);
  expect(miss).toMatchObject({
    "x-edge-location": "DESK1-P1",
    "c-ip": "127.0.0.1",
    "cs-method": "GET",
    "cs-uri-stem": "/a",
    "sc-status": "200",
    "cs(Referer)": "http://a/",
    "cs(User-Agent)": "Mozilla/5.0%20(X11)",
    "cs-uri-query": "x=1",
    "cs(Cookie)": "-",
    "x-edge-result-type": "Miss",
    "x-host-header": "localhost",
    "cs-protocol": "http",
    "x-edge-response-result-type": "Miss",
    "cs-protocol-version": "HTTP/1.1",
    "x-edge-detailed-result-type": "Miss",
    "sc-content-type": "text/plain",
    "sc-content-len": "5",
    "sc-range-start": "-",
  });
  expect(miss?.["date"]).toMatch(/^\d{4}-\d\d-\d\d$/);
  expect(miss?.["time"]).toMatch(/^\d\d:\d\d:\d\d$/);
  expect(miss?.["cs(Host)"]).toMatch(/^d[0-9a-f]{13}\.cloudfront\.net$/);
  expect(Number(miss?.["sc-bytes"])).toBeGreaterThan(100);
  expect(hit).toMatchObject({
    "sc-status": "206",
    "x-edge-result-type": "Hit",
    "sc-range-start": "1",
    "sc-range-end": "2",
  });
  expect(lost).toMatchObject({ "sc-status": "404", "x-edge-result-type": "Error" });
});

test("nothing that a viewer sends can break a line or add a field", async () => {
  const [line] = await logged(
    (edge) =>
      raw(edge, `GET /a'"%0A%09b HTTP/1.1\r\nHost: localhost\r\nUser-Agent: a\tb "c"\xeb\r\nConnection: close\r\n\r\n`),
    1,
  );
  expect(line).toMatchObject({ "cs-uri-stem": "/a%27%22%0A%09b", "cs(User-Agent)": "a%09b%20%22c%22%EB" });
});
