import { describe, expect, test } from "vitest";
import { cut, escapeHtml } from "../src/index.ts";

describe("escaping", () => {
  test("covers what ends text, an attribute or a reference", () => {
    expect(escapeHtml(`<a href="x" id='y'>&amp;</a>`)).toBe(
      "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;",
    );
  });

  test("leaves Hangul, emoji and line breaks alone", () => {
    expect(escapeHtml("봄\t소풍\r\n👨‍👩‍👧")).toBe("봄\t소풍\r\n👨‍👩‍👧");
  });

  test("removes what HTML cannot hold", () => {
    expect(escapeHtml("a\u0000\u0008\u000b\u000c\u001f\u007f\u0085\ufffe\uffffb")).toBe("ab");
    expect(escapeHtml("a\ud800b\udc00")).toBe("a\ufffdb\ufffd");
  });
});

describe("cutting", () => {
  test.each([
    ["", 3, ""],
    ["abc", 3, "abc"],
    ["abcd", 3, "ab…"],
    ["봄소풍", 3, "봄소풍"],
    ["봄소풍콘서트", 4, "봄소풍…"],
    ["😀😀😀", 3, "😀😀😀"],
    ["😀😀😀😀", 3, "😀😀…"],
    ["a b c d", 4, "a b…"],
    ["ab cd", 4, "ab…"],
    ["👨‍👩‍👧abc", 4, "…"],
    ["a👨‍👩‍👧bc", 7, "a👨‍👩‍👧…"],
    ["e\u0301e\u0301e\u0301", 5, "e\u0301e\u0301…"],
    ["\u1107\u1169\u11b7\u1109\u1169", 4, "\u1107\u1169\u11b7…"],
    ["🇰🇷🇯🇵🇺🇸", 4, "🇰🇷…"],
    ["ab", 1, "…"],
  ])("%j to %i code points is %j", (text, codePoints, expected) => {
    expect(cut(text, codePoints)).toBe(expected);
  });

  test("never gives more than it may, whatever it gets", () => {
    const pieces = ["a", "가", "😀", "\u0301", "\u200d", "👩", "🇰", "\ud800", "\udc00", " ", "\u1107"];
    let seed = 1;
    const next = (limit: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % limit;
    };
    for (let i = 0; i < 2_000; i++) {
      const text = Array.from({ length: next(40) }, () => pieces[next(pieces.length)]).join("");
      const codePoints = 1 + next(20);
      const result = cut(text, codePoints);
      expect(Array.from(result).length).toBeLessThanOrEqual(codePoints);
      expect(result === text || (result.endsWith("…") && text.startsWith(result.slice(0, -1)))).toBe(true);
      expect(result === text).toBe(Array.from(text).length <= codePoints);
    }
  });
});
