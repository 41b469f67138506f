package dev.backline.eventworker.clicks;

import static dev.backline.eventworker.inbox.PoisonMessageException.Reason.INVALID_FIELD;
import static dev.backline.eventworker.inbox.PoisonMessageException.Reason.MISSING_FIELD;
import static dev.backline.eventworker.inbox.PoisonMessageException.Reason.NOT_JSON;
import static dev.backline.eventworker.inbox.PoisonMessageException.Reason.OUT_OF_TIME;
import static dev.backline.eventworker.inbox.PoisonMessageException.Reason.TOO_LARGE;
import static dev.backline.eventworker.inbox.PoisonMessageException.Reason.UNKNOWN_TYPE;
import static dev.backline.eventworker.inbox.PoisonMessageException.Reason.UNSUPPORTED_VERSION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.backline.eventworker.inbox.PoisonMessageException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClickBatchTest {

  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final String VALID =
      Clicks.batch().click(NOW, "공연-abc_1", "KR", "mobile", "example.com", "person").body();

  private final ClickWindow window =
      new ClickWindow(Duration.ofDays(20), Duration.ofMinutes(5), Clock.fixed(NOW, ZoneOffset.UTC));

  @Test
  void fieldsThatNobodyKnowsAreIgnored() {
    ClickBatch batch = ClickBatch.read(VALID.replace("\"kind\"", "\"new\":{},\"kind\""));

    assertThat(batch.clicks())
        .containsExactly(
            new Click(
                NOW, "공연-abc_1", "KR", Click.Device.MOBILE, "example.com", Click.Kind.PERSON));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hello", "{\"type\":", "{} {}", "{\"type\":1,\"type\":2}", "\u0000"})
  void whatIsNotOneJsonDocumentIsNotJson(String body) {
    assertThat(refusal(body).reason()).isEqualTo(NOT_JSON);
  }

  @Test
  void deepNestingIsRefusedRatherThanFollowed() {
    assertThat(refusal("[".repeat(100_000)).reason()).isEqualTo(NOT_JSON);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " ",
        "null",
        "[1]",
        "{\"Type\":\"Notification\",\"Message\":\"{}\"}",
        "{\"type\":7}",
        "{\"type\":\"campaign-changed.v1\"}"
      })
  void bodiesThatAreNotOursAreOfUnknownType(String body) {
    assertThat(refusal(body).reason()).isEqualTo(UNKNOWN_TYPE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"clicks.v0", "clicks.v2"})
  void otherVersionsAreTold(String type) {
    assertThat(refusal(VALID.replace("clicks.v1", type)).reason()).isEqualTo(UNSUPPORTED_VERSION);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          "batch"          | "b"                | MISSING_FIELD | batch
          "clicks"         | "c"                | MISSING_FIELD | clicks
          "at"             | "t"                | MISSING_FIELD | clicks[0].at
          "code"           | "o"                | MISSING_FIELD | clicks[0].code
          "공연-abc_1"      | ""                 | MISSING_FIELD | clicks[0].code
          "device"         | "d"                | MISSING_FIELD | clicks[0].device
          "mobile"         | null               | MISSING_FIELD | clicks[0].device
          "kind"           | "k"                | MISSING_FIELD | clicks[0].kind
          "batch":"        | "batch":"x         | INVALID_FIELD | batch
          "clicks":[{      | "clicks":[7,{      | INVALID_FIELD | clicks[0]
          "공연-abc_1"      | 7                  | INVALID_FIELD | clicks[0].code
          "공연-abc_1"      | "../etc"           | INVALID_FIELD | clicks[0].code
          "공연-abc_1"      | "#batch#1"         | INVALID_FIELD | clicks[0].code
          "공연-abc_1"      | "\\ud800"          | INVALID_FIELD | clicks[0].code
          "KR"             | "kr"               | INVALID_FIELD | clicks[0].country
          "KR"             | "KOR"              | INVALID_FIELD | clicks[0].country
          "KR"             | {}                 | INVALID_FIELD | clicks[0].country
          "mobile"         | "MOBILE"           | INVALID_FIELD | clicks[0].device
          "person"         | "ghost"            | INVALID_FIELD | clicks[0].kind
          "2026-11-22T10   | "2026-13-22T10     | INVALID_FIELD | clicks[0].at
          "example.com"    | ["example.com"]    | INVALID_FIELD | clicks[0].referrer
          """)
  void theBrokenFieldIsNamedAndItsValueIsNot(
      String part, String instead, PoisonMessageException.Reason reason, String field) {
    PoisonMessageException refusal = refusal(VALID.replace(part, instead));

    assertThat(refusal.reason()).isEqualTo(reason);
    assertThat(refusal.detail()).startsWith(field).hasSizeLessThan(100);
  }

  @Test
  void aListOfClicksIsNeitherEmptyNorLongerThanAgreed() {
    assertThat(refusal(Clicks.batch().body()).reason()).isEqualTo(INVALID_FIELD);
    assertThat(refusal(Clicks.batch().persons(201, NOW, "abc").body()).reason())
        .isEqualTo(TOO_LARGE);
    assertThat(refusal(VALID.replace("example.com", "x".repeat(2_049))).reason())
        .isEqualTo(INVALID_FIELD);
    assertThat(MISSING_FIELD.text()).isEqualTo("missing-field");
  }

  @Test
  void clicksFromOutsideOfTheWindowAreRefused() {
    assertThatNoException().isThrownBy(() -> window.check(at(NOW.minus(Duration.ofDays(20)))));
    assertThatNoException().isThrownBy(() -> window.check(at(NOW.plusSeconds(300))));
    for (Instant outside :
        new Instant[] {
          NOW.minus(Duration.ofDays(20)).minusSeconds(1),
          NOW.plusSeconds(301),
          Instant.MAX,
          Instant.MIN
        }) {
      assertThatExceptionOfType(PoisonMessageException.class)
          .isThrownBy(() -> window.check(at(outside)))
          .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo(OUT_OF_TIME));
    }
  }

  private static ClickBatch at(Instant time) {
    return ClickBatch.read(Clicks.batch().persons(1, time, "abc").body());
  }

  private static PoisonMessageException refusal(String body) {
    return catchThrowableOfType(PoisonMessageException.class, () -> ClickBatch.read(body));
  }
}
