package dev.backline.rediskeyspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamespaceTest {

  private static final Namespace LINKS = Namespace.of("redirector", "v1", "link");

  @Test
  void aKeyIsThePrefixAndTheId() {
    assertThat(LINKS.prefix()).isEqualTo("redirector:v1:link:");
    assertThat(LINKS.key("abc")).isEqualTo("redirector:v1:link:abc");
    assertThat(LINKS.id("redirector:v1:link:abc")).isEqualTo("abc");
    assertThat(LINKS.parts()).containsExactly("redirector", "v1", "link");
  }

  @Test
  void anIdMayHoldAnything() {
    for (String id : new String[] {"a:b", "*", "[x]?", "콘서트", "\\", " "}) {
      assertThat(LINKS.id(LINKS.key(id))).isEqualTo(id);
    }
    assertThatIllegalArgumentException().isThrownBy(() -> LINKS.key(""));
  }

  @Test
  void aKeyIsInItsNamespaceAndInTheParents() {
    assertThat(LINKS.contains("redirector:v1:link:abc")).isTrue();
    assertThat(Namespace.of("redirector").contains("redirector:v1:link:abc")).isTrue();
    assertThat(LINKS.contains("redirector:v1:link:")).isFalse();
    assertThat(LINKS.contains("redirector:v1:links:abc")).isFalse();
    assertThatIllegalArgumentException().isThrownBy(() -> LINKS.id("other:abc"));
  }

  @Test
  void aChildIsWithinItsParent() {
    assertThat(Namespace.of("a").child("b")).isEqualTo(Namespace.of("a", "b"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a:b", "a*", "a?", "a[b", "a]b", "a\\b"})
  void aPartThatCouldReachOtherKeysIsRefused(String part) {
    assertThatIllegalArgumentException().isThrownBy(() -> Namespace.of("app", part));
    assertThatIllegalArgumentException().isThrownBy(() -> Namespace.of("app").child(part));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":", "a", "a::", ":a:", "a:*:"})
  void aPrefixThatIsNotMadeOfPartsIsRefused(String prefix) {
    assertThatIllegalArgumentException().isThrownBy(() -> new Namespace(prefix));
  }

  @Test
  void globCharactersAreEscaped() {
    assertThat(Namespace.escape("a[b]*?\\c")).isEqualTo("a\\[b\\]\\*\\?\\\\c");
    assertThat(LINKS.pattern()).isEqualTo("redirector:v1:link:*");
  }
}
