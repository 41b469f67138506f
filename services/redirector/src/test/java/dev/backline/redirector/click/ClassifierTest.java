package dev.backline.redirector.click;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backline.redirector.click.Click.Device;
import dev.backline.redirector.click.Click.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClassifierTest {

  private static final Instant NOW = Instant.parse("2026-11-22T10:01:02.987Z");
  private static final String CHROME =
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
          + " Chrome/142.0.0.0 Safari/537.36";

  private final Classifier classifier = new Classifier(UserAgents.fromFile(), "go.example.com");

  @Test
  void theTimeIsCutToTheSecond() {
    assertThat(click(CHROME, null, null, null).at()).hasToString("2026-11-22T10:01:02Z");
  }

  /** The functions at the edge run the same table. */
  static Stream<Arguments> userAgents() throws IOException {
    try (InputStream file =
        Objects.requireNonNull(ClassifierTest.class.getResourceAsStream("/user-agent-cases.tsv"))) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split("\t", -1))
          .map(fields -> Arguments.of(Kind.valueOf(fields[0].toUpperCase(Locale.ROOT)), fields[1]));
    }
  }

  @ParameterizedTest
  @MethodSource("userAgents")
  void personsAreToldFromProgramsByTheirUserAgent(Kind kind, String userAgent) {
    assertThat(click(userAgent, null, null, null).kind()).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PERSON | Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/142.0 Mobile Safari/537.36 WhatsApp/2.24.1",
        "PREVIEW| WhatsApp/2.24.1 A",
        "BOT    | Java-http-client/25.0.3",
        "BOT    | Amazon CloudFront",
        "BOT    | ''",
      })
  void aFewMoreThatNoListHolds(Kind kind, String userAgent) {
    assertThat(click(userAgent, null, null, null).kind()).isEqualTo(kind);
  }

  @Test
  void theFirst1024CharactersDecide() {
    assertThat(click("x".repeat(1_014) + "twitterbot", null, null, null).kind())
        .isEqualTo(Kind.PREVIEW);
    assertThat(click("x".repeat(1_015) + "twitterbot", null, null, null).kind())
        .isEqualTo(Kind.PERSON);
  }

  @Test
  void whoSendsNoUserAgentIsAProgram() {
    assertThat(click(null, null, null, null).kind()).isEqualTo(Kind.BOT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"prefetch", "prefetch;prerender", "preview"})
  void aBrowserThatFetchesAheadIsNotAPersonYet(String purpose) {
    assertThat(click(CHROME, null, purpose, null).kind()).isEqualTo(Kind.PREVIEW);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "MOBILE  | Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Mobile/15E148",
        "MOBILE  | Mozilla/5.0 (Linux; Android 15; SM-S928N) Chrome/142.0 Mobile Safari/537.36",
        "TABLET  | Mozilla/5.0 (Linux; Android 14; SM-X910) Chrome/142.0 Safari/537.36",
        "TABLET  | Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) Mobile/15E148",
        "DESKTOP | Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605.1.15",
        "DESKTOP | Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "DESKTOP | Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) Chrome/142.0",
        "OTHER   | Mozilla/5.0 (SMART-TV; Tizen 8.0) Version/7.0 TV",
        "OTHER   | curl/8.7.1",
      })
  void theDeviceIsAClassNotAModel(Device device, String userAgent) {
    assertThat(click(userAgent, null, null, null).device()).isEqualTo(device);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://Blog.Naver.com/someone/2231?x=1#top | blog.naver.com",
        "http://example.com:8080                     | example.com",
        "HTTPS://example.com.                        | example.com",
        "https://who:secret@example.com/             | example.com",
        "https://콘서트.한국/공연                      | xn--2i4b93xdsc.xn--3e0b707e",
      })
  void onlyTheHostOfTheReferringPageIsKept(String referer, String host) {
    assertThat(click(CHROME, referer, null, null).referrer()).isEqualTo(host);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://go.example.com/abc",
        "https://GO.example.com",
        "https://192.168.0.12/photos",
        "http://[::1]:8080/",
        "about:blank",
        "android-app://com.kakao.talk",
        "https://",
        "https:///x",
        "https://?",
        "https://..",
        "https://a b/",
        "https://<script>",
        "nonsense",
        ""
      })
  void ourOwnPagesAddressesAndNonsenseAreNoReferrer(String referer) {
    assertThat(click(CHROME, referer, null, null).referrer()).isNull();
  }

  @Test
  void aLongHostIsCutAt100Characters() {
    String host = ("label.".repeat(40) + "com");

    assertThat(click(CHROME, "https://" + host + "/", null, null).referrer())
        .isEqualTo(host.substring(0, 100));
  }

  @ParameterizedTest
  @ValueSource(strings = {"kr", "KOR", "K", "", "K1", "한국", "K\n"})
  void aCountryIsTwoCapitalLetters(String country) {
    assertThat(click(CHROME, null, null, "KR").country()).isEqualTo("KR");
    assertThat(click(CHROME, null, null, country).country()).isNull();
  }

  @Test
  void noHeaderWhateverMakesClassifyingFail() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder("https://");
      for (int length = random.nextInt(80); length > 0; length--) {
        text.append((char) random.nextInt(random.nextBoolean() ? 128 : 65_536));
      }
      String header = text.toString();
      assertThat(click(header, header, header, header)).isNotNull();
    }
  }

  @Test
  void aPatternLineThatIsNotOneIsRefused() {
    assertThatThrownBy(() -> UserAgents.parse("bot\tcontains\tfoo"))
        .hasMessageContaining("kind<TAB>match<TAB>token<TAB>source");
    assertThatThrownBy(() -> UserAgents.parse("bot\tends\tfoo\tsource"))
        .hasMessageContaining("'contains' or 'starts'");
  }

  private Click click(
      @Nullable String userAgent,
      @Nullable String referer,
      @Nullable String purpose,
      @Nullable String country) {
    return classifier.click(NOW, "abc", new Visit(userAgent, referer, purpose, country));
  }
}
