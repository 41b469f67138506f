import assert from "node:assert/strict";
import { test } from "node:test";
import { sources } from "../js/picture.js";
import { pathOf, routeOf } from "../js/route.js";
import { stateOf, timeText } from "../js/schedule.js";
import { languageOf, TEXTS } from "../js/texts.js";

test("both languages say the same things", () => {
  assert.deepEqual(Object.keys(TEXTS.en), Object.keys(TEXTS.ko));
});

test("the first language of a reader that there are texts in is taken", () => {
  assert.equal(languageOf(["ko-KR", "en"]), "ko");
  assert.equal(languageOf(["fr", "en-GB", "ko"]), "en");
  assert.equal(languageOf(["constructor", "ja"]), "en");
  assert.equal(languageOf([]), "en");
});

test("a path leads to a page, and a slug comes back from its path", () => {
  assert.deepEqual(routeOf("/"), { page: "campaigns" });
  for (const slug of ["spring", "봄-투어-2027", "100%", "a+b&c"]) {
    assert.deepEqual(routeOf(pathOf(slug)), { page: "campaign", slug });
  }
  for (const path of ["/campaigns/", "/campaigns/a/b", "/campaigns/%ff", "/admin"]) {
    assert.deepEqual(routeOf(path), { page: "unknown" });
  }
});

test("a campaign is upcoming, then open, then closed", () => {
  const now = Date.parse("2027-03-01T00:00:00Z");
  const published = { status: "published" };
  assert.equal(stateOf(published, now), "open");
  assert.equal(stateOf({ ...published, opensAt: "2027-03-01T00:00:01Z" }, now), "upcoming");
  assert.equal(stateOf({ ...published, opensAt: "2027-03-01T00:00:00Z", closesAt: "2027-03-02T00:00:00Z" }, now), "open");
  assert.equal(stateOf({ ...published, closesAt: "2027-03-01T00:00:00Z" }, now), "closed");
  assert.equal(stateOf({ status: "closed", opensAt: "2028-01-01T00:00:00Z" }, now), "closed");
});

test("times name their zone", () => {
  assert.match(timeText("2027-03-01T11:00:00Z", "ko"), /2027년 3월 1일/);
  assert.match(timeText("2027-03-01T11:00:00Z", "en"), /March 1, 2027.*(GMT|UTC|[A-Z]{2,4}T)/);
});

test("a picture comes in the widths that the edge makes, and only from /images", async () => {
  assert.equal(
    sources("spring/cover.jpg").srcset.split(", ")[0],
    "/images/spring/cover.jpg?w=320 320w",
  );
  for (const key of [undefined, null, "", "../api", "/etc", "a//b", "a b", "x?y", "a/../b", "https://evil.example/x.jpg"]) {
    assert.equal(sources(key), undefined);
  }
});
