package dev.backline.beapi.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backline.beapi.input.InvalidInput;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinkCodeTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ab",
        "a/b",
        "..",
        "a..b",
        "a+b",
        "a.png",
        "a b",
        "😀😀😀",
        "a\u0000b",
        "ㄱㄴㄷ",
        "%2e%2e",
        "é23",
        "a\ud800b",
        ""
      })
  void aCodeThatCannotStandInAPathIsRefused(String code) {
    assertThatThrownBy(() -> LinkCode.custom(code))
        .isInstanceOf(InvalidInput.class)
        .hasMessageStartingWith("code: ");
    assertThat(LinkCode.find(code)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"actuator", "API", "livez", "readyz", "Health", "favicon", "stats"})
  void reservedWordsAreRefusedInAnyCase(String code) {
    assertThatThrownBy(() -> LinkCode.custom(code))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("reserved");
  }

  @Test
  void lengthIsThreeToSixtyFour() {
    assertThat(LinkCode.custom("a-_").value()).isEqualTo("a-_");
    assertThat(LinkCode.custom("가".repeat(64)).value()).hasSize(64);
    assertThatThrownBy(() -> LinkCode.custom("a".repeat(65))).isInstanceOf(InvalidInput.class);
  }

  @Test
  void composedAndDecomposedHangulAreTheSameCode() {
    var decomposed = "\u1112\u1161\u11ab\u1100\u1173\u11af\u110b\u1175";

    assertThat(LinkCode.custom(decomposed)).isEqualTo(LinkCode.custom("한글이"));
    assertThat(LinkCode.find(decomposed)).contains(LinkCode.custom("한글이"));
  }

  @Test
  void derivedCodesHaveSevenCharactersWithoutVowelsAndLookAlikes() {
    assertThat(
            IntStream.range(0, 1_000)
                .mapToObj(i -> LinkCode.derived("owner", "key" + i, 1).value()))
        .doesNotHaveDuplicates()
        .allMatch(code -> code.matches("[^aeiouAEIOU01lI]{7}"));
  }

  @Test
  void aDerivedCodeDependsOnOwnerKeyAndAttempt() {
    assertThat(LinkCode.derived("owner", "key", 0)).isEqualTo(LinkCode.derived("owner", "key", 0));
    assertThat(
            new LinkCode[] {
              LinkCode.derived("owner", "key", 0),
              LinkCode.derived("owner", "key", 1),
              LinkCode.derived("owner2", "key", 0),
              LinkCode.derived("ownerk", "ey", 0),
            })
        .doesNotHaveDuplicates();
  }
}
