package dev.backline.redirector.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinkCodeTest {

  @ParameterizedTest
  @ValueSource(strings = {"a", "aB3_-9z", "봄소풍", "日本", "été"})
  void lettersAndDigitsOfAnyScriptAreACode(String text) {
    assertThat(LinkCode.of(text)).hasValueSatisfying(c -> assertThat(c.value()).isEqualTo(text));
  }

  @Test
  void decomposedAndComposedHangulAreOneCode() {
    assertThat(LinkCode.of("\u1112\u1161\u11ab")).isEqualTo(LinkCode.of("한"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", ".", "..", "a b", "a/b", "a\\b", "a+b", "a.png", "🎸", "\ud83c", "\udfb8a", "\u0000",
        "a\n"
      })
  void whatCannotBeACodeIsNone(String text) {
    assertThat(LinkCode.of(text)).isEmpty();
    assertThatThrownBy(() -> new LinkCode(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aCodeHasAtMost64Characters() {
    assertThat(LinkCode.of("x".repeat(64))).isPresent();
    assertThat(LinkCode.of("x".repeat(65))).isEmpty();
    assertThat(LinkCode.of("x".repeat(10_240))).isEmpty();
    assertThat(LinkCode.of("\u1112\u1161\u11ab".repeat(64))).isPresent();
  }
}
