package dev.backline.eventworker.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.backline.eventworker.inbox.PoisonMessageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CampaignChangeTest {

  private static final String VALID = CampaignEvents.event("봄-콘서트", "published", 2);

  @Test
  void textsOfAllLanguagesAndAbsentFieldsAreRead() {
    CampaignChange change = CampaignChange.read(VALID);

    assertThat(change.slug()).isEqualTo("봄-콘서트");
    assertThat(change.status()).isEqualTo(CampaignChange.Status.PUBLISHED);
    assertThat(change.description()).isEqualTo("Two\nlines");
    assertThat(change.city()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          "봄-콘서트"      | "a/../b"              | INVALID_FIELD | slug
          "봄-콘서트"      | "#draft#a"            | INVALID_FIELD | slug
          "봄-콘서트"      | "a*"                  | INVALID_FIELD | slug
          "봄-콘서트"      | "\\u1107\\u1169\\u11b7" | INVALID_FIELD | slug
          "slug"          | "s"                   | MISSING_FIELD | slug
          "published"     | "deleted"             | INVALID_FIELD | status
          "version":2     | "version":0           | INVALID_FIELD | version
          "version":2     | "version":"2"         | INVALID_FIELD | version
          "version":2     | "version":2.5         | INVALID_FIELD | version
          "version":2     | "version":1e30        | INVALID_FIELD | version
          "version":2     | "version":null        | MISSING_FIELD | version
          "title":"       | "title":"\\u0007       | INVALID_FIELD | title
          "occurredAt":"2 | "occurredAt":"today 2 | INVALID_FIELD | occurredAt
          campaign-changed.v1 | campaign-changed.v9 | UNSUPPORTED_VERSION | type
          campaign-changed.v1 | clicks.v1           | UNKNOWN_TYPE        | type
          """)
  void theBrokenFieldIsNamed(
      String part, String instead, PoisonMessageException.Reason reason, String field) {
    PoisonMessageException refusal =
        catchThrowableOfType(
            PoisonMessageException.class, () -> CampaignChange.read(VALID.replace(part, instead)));

    assertThat(refusal.reason()).isEqualTo(reason);
    assertThat(refusal.detail()).startsWith(field);
  }
}
