package dev.backline.redirector.redirect.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backline.redirector.redirect.web.ShortPath.Kind;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShortPathTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/abc                   | REDIRECT  | abc",
        "/%61bc                 | REDIRECT  | abc",
        "/%ED%95%9C             | REDIRECT  | 한",
        "/%E1%84%92%E1%85%A1%E1%86%AB | REDIRECT | 한",
        "/abc+                  | PREVIEW   | abc",
        "/abc%2B                | PREVIEW   | abc",
        "/abc.png               | PNG       | abc",
        "/abc.svg               | SVG       | abc",
        "/                      | HOME      |",
        "/robots.txt            | ROBOTS    |",
        "/favicon.ico           | FAVICON   |",
        "/+                     | UNKNOWN   |",
        "/.png                  | UNKNOWN   |",
        "/abc.gif               | UNKNOWN   |",
        "/abc++                 | UNKNOWN   |",
        "/abc/                  | UNKNOWN   |",
        "/abc/def               | UNKNOWN   |",
        "/abc%2fdef             | UNKNOWN   |",
        "/..                    | UNKNOWN   |",
        "/%2e%2e                | UNKNOWN   |",
        "/abc;jsessionid=1      | UNKNOWN   |",
        "/%F0%9F%8E%B8          | UNKNOWN   |",
        "//abc                  | UNKNOWN   |",
        "http://x/abc           | UNKNOWN   |",
        "/%00                   | MALFORMED |",
        "/a%0d%0ab              | MALFORMED |",
        "/%                     | MALFORMED |",
        "/%4                    | MALFORMED |",
        "/%zz                   | MALFORMED |",
        "/%ff                   | MALFORMED |",
        "/%c0%af                | MALFORMED |",
        "/%ED%A0%80             | MALFORMED |",
      })
  void everyPathHasOneMeaning(String path, Kind kind, @Nullable String code) {
    ShortPath parsed = ShortPath.parse(path);

    assertThat(parsed.kind()).isEqualTo(kind);
    assertThat(parsed.code() == null ? null : parsed.code().value()).isEqualTo(code);
  }

  @Test
  void longPathsAndLoneSurrogatesAreUnknown() {
    assertThat(ShortPath.parse("/" + "a".repeat(10_240)).kind()).isEqualTo(Kind.UNKNOWN);
    assertThat(ShortPath.parse("/\ud83c").kind()).isEqualTo(Kind.UNKNOWN);
    assertThat(ShortPath.parse("").kind()).isEqualTo(Kind.HOME);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "- | 256",
        "x=1 | 256",
        "size=128 | 128",
        "a=b&size=1024&c | 1024",
        "resize=9 | 256"
      })
  void theSizeIsReadFromTheQuery(@Nullable String query, int size) {
    assertThat(QrSize.of(query)).hasValue(size);
  }

  @ParameterizedTest
  @CsvSource({
    "size=127",
    "size=1025",
    "size=",
    "size=-100",
    "size=1e3",
    "size=99999999999",
    "size=%31"
  })
  void aSizeOutOfBoundsIsNone(String query) {
    assertThat(QrSize.of(query)).isEqualTo(OptionalInt.empty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "- | ENGLISH",
        "ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7 | KOREAN",
        "en-US,en;q=0.9,ko;q=0.8 | ENGLISH",
        "ja,ko;q=0.5 | KOREAN",
        "fr | ENGLISH",
        "* | ENGLISH",
        "ko;q=x | ENGLISH",
        "!!! | ENGLISH"
      })
  void theLanguageIsKoreanOrEnglish(@Nullable String header, Language language) {
    assertThat(Language.of(header)).isEqualTo(language);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "- | HTML",
        "*/* | HTML",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8 | HTML",
        "application/json | PROBLEM",
        "application/problem+json, */*;q=0.1 | PROBLEM",
        "text/html;q=0.5, application/json | PROBLEM",
        "application/*, text/html;q=0 | PROBLEM",
        "nonsense | HTML",
        "image/png | HTML"
      })
  void whoAsksForJsonGetsAProblemAndEveryoneElseAPage(@Nullable String header, Format format) {
    assertThat(Format.of(header)).isEqualTo(format);
  }

  @Test
  void aLocationIsPrintableAsciiOnly() {
    assertThat(Location.of("https://example.com/a?b=%20#c"))
        .isEqualTo("https://example.com/a?b=%20#c");
    assertThat(Location.of("https://example.com/한 글\r\nSet-Cookie: x"))
        .isEqualTo("https://example.com/%ED%95%9C%20%EA%B8%80%0D%0ASet-Cookie:%20x");
  }

  @Test
  void aPreviewEscapesTheTarget() {
    String page =
        Pages.preview(
            Language.ENGLISH, "/abc", "https://evil.example/\"><script>alert(1)</script>");

    assertThat(page)
        .doesNotContain("<script")
        .contains("<strong>evil.example</strong>")
        .contains("href=\"https://evil.example/&quot;&gt;&lt;script&gt;")
        .contains("rel=\"noopener noreferrer nofollow\"");
  }

  @Test
  void aPreviewShowsUserInfoAsPartOfTheSite() {
    assertThat(Pages.preview(Language.KOREAN, "/abc", "https://bank.example@evil.example/"))
        .contains("<strong>bank.example@evil.example</strong>");
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1,true",
    "10.1.2.3,true",
    "10.128.0.1,false",
    "192.0.2.7,true",
    "192.0.2.8,false",
    "2001:db8:1::5,true",
    "2001:db8:2::5,false",
    "0:0:0:0:0:0:0:1,false",
    "nonsense,false"
  })
  void proxiesAreTrustedByRange(String address, boolean trusted) {
    TrustedProxies proxies =
        new TrustedProxies(List.of("127.0.0.0/8", "10.0.0.0/9", "192.0.2.7", "2001:db8:1::/48"));

    assertThat(proxies.contains(address)).isEqualTo(trusted);
  }

  @ParameterizedTest
  @CsvSource({"10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "localhost/8", "''"})
  void aBrokenRangeIsRefusedByName(String range) {
    assertThatThrownBy(() -> new TrustedProxies(List.of(range)))
        .hasMessageContaining("backline.redirector.trusted-proxies");
  }
}
