package dev.backline.redirector.link;

import static dev.backline.redirector.link.LinkState.ACTIVE;
import static dev.backline.redirector.link.LinkState.DELETED;
import static dev.backline.redirector.link.LinkState.DISABLED;
import static dev.backline.redirector.link.LinkState.EXPIRED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinkTest {

  private static final LinkCode CODE = new LinkCode("abc");
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

  @Test
  void aLinkExpiresAtItsInstantNotAfterIt() {
    Link link = new Link(CODE, "https://example.com", NOW, false, false);

    assertThat(link.stateAt(NOW.minusNanos(1))).isEqualTo(ACTIVE);
    assertThat(link.stateAt(NOW)).isEqualTo(EXPIRED);
  }

  @Test
  void deletionOutweighsDisablingOutweighsExpiry() {
    assertThat(new Link(CODE, "http://x.kr", NOW, true, true).stateAt(NOW)).isEqualTo(DELETED);
    assertThat(new Link(CODE, "http://x.kr", NOW, true, false).stateAt(NOW)).isEqualTo(DISABLED);
    assertThat(new Link(CODE, "http://x.kr", null, false, false).stateAt(NOW)).isEqualTo(ACTIVE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"javascript:alert(1)", "data:text/html,x", "//host", "/path", "ftp://x", ""})
  void aTargetThatIsNotHttpIsRefused(String target) {
    assertThatThrownBy(() -> new Link(CODE, target, null, false, false))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
