package dev.backline.beapi.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.backline.beapi.link.RefusedTarget.Reason;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TargetRulesTest {

  private static final Map<Reason, List<String>> REFUSED =
      Map.ofEntries(
          Map.entry(Reason.EMPTY, List.of("", "   ")),
          Map.entry(
              Reason.TOO_LONG,
              List.of(
                  "https://example.com/" + "a".repeat(2_048),
                  "https://example.com/" + "한".repeat(700))),
          Map.entry(
              Reason.UNPAIRED_SURROGATE,
              List.of("https://example.com/\ud800", "https://\udc00.com/")),
          Map.entry(
              Reason.CONTROL_CHARACTER,
              List.of(
                  "https://example.com/\r\nSet-Cookie: a=b",
                  "https://exa\tmple.com/",
                  "\nhttps://example.com/",
                  "java\tscript:alert(1)",
                  "https://example.com/\u0000",
                  "https://example.com/\u2028")),
          Map.entry(
              Reason.BACKSLASH,
              List.of(
                  "https:\\\\example.com", "https://example.com\\@evil.com/", "\\\\host\\share")),
          Map.entry(
              Reason.NOT_ABSOLUTE,
              List.of(
                  "//example.com/x",
                  "/x",
                  "example.com",
                  "https:example.com",
                  "https:/example.com",
                  "?q=1")),
          Map.entry(
              Reason.SCHEME_NOT_ALLOWED,
              List.of(
                  "javascript:alert(1)",
                  "JavaScript:alert(1)",
                  "data:text/html,<script>",
                  "vbscript:x",
                  "file:///etc/passwd",
                  "ftp://example.com/",
                  "mailto:a@example.com",
                  "localhost:8080")),
          Map.entry(
              Reason.HOST_MISSING,
              List.of("http:///x", "https://", "https://?x", "https://#x", "http:////x")),
          Map.entry(
              Reason.USER_INFO,
              List.of(
                  "https://user@example.com/",
                  "https://user:secret@example.com",
                  "https://google.com@example.com")),
          Map.entry(
              Reason.HOST_MALFORMED,
              List.of(
                  "https://exa mple.com/",
                  "https://example.com:99999/",
                  "https://example.com:0/",
                  "https://a..example.com/",
                  "https://-a.example.com/",
                  "https://1.2.3.256/",
                  "https://1.2.3.4.5/",
                  "https://[::1/",
                  "https://[fe80::1%25eth0]/",
                  "https://\uD83D\uDE00.example.com/",
                  "https://%00.example.com/")),
          Map.entry(
              Reason.HOST_NEEDS_PUNYCODE, List.of("https://faß.de/", "https://a\u200db.com/")),
          Map.entry(Reason.HOST_SINGLE_LABEL, List.of("http://intranet/", "http://com./")),
          Map.entry(
              Reason.HOST_LOCAL,
              List.of(
                  "http://localhost/",
                  "http://LOCALHOST.:80/",
                  "http://api.localhost/",
                  "http://printer.local/",
                  "http://metadata.google.internal/")),
          Map.entry(
              Reason.ADDRESS_NOT_PUBLIC,
              List.of(
                  "http://127.1",
                  "http://127.0.0.1./",
                  "http://2130706433",
                  "http://0x7f.1/",
                  "http://0177.0.0.1/",
                  "http://%31%32%37.0.0.1/",
                  "http://①②⑦.0.0.1/",
                  "http://0.0.0.0/",
                  "http://10.1.2.3/",
                  "http://100.64.0.1/",
                  "http://169.254.169.254/latest/meta-data/",
                  "http://172.31.255.255/",
                  "http://192.168.0.1/",
                  "http://224.0.0.1/",
                  "http://255.255.255.255/",
                  "http://[::1]",
                  "http://[::]",
                  "http://[::ffff:127.0.0.1]/",
                  "http://[::ffff:7f00:1]/",
                  "http://[::7f00:1]/",
                  "http://[64:ff9b::10.0.0.1]/",
                  "http://[2002:7f00:1::]/",
                  "http://[fe80::1]/",
                  "http://[fd00:ec2::254]/",
                  "http://[2001:db8::1]/",
                  "http://[ff02::1]/")),
          Map.entry(
              Reason.OWN_HOST,
              List.of(
                  "https://go.example/abc",
                  "HTTPS://GO.EXAMPLE./abc",
                  "http://127.0.0.1:8082/abc")));

  private final TargetRules rules =
      new TargetRules(Set.of("go.example", "127.0.0.1:8082"), false, false);

  static Stream<Arguments> refused() {
    return REFUSED.entrySet().stream()
        .flatMap(e -> e.getValue().stream().map(target -> Arguments.of(e.getKey(), target)));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void everyRefusalHasItsReason(Reason reason, String target) {
    var refusal = catchThrowableOfType(RefusedTarget.class, () -> rules.check(target));

    assertThat(refusal).as(target).isNotNull();
    assertThat(refusal.reason()).isEqualTo(reason);
  }

  @Test
  void everyReasonHasAnExample() {
    assertThat(REFUSED.keySet()).containsExactlyInAnyOrderElementsOf(EnumSet.allOf(Reason.class));
  }

  @Test
  void anAbsentTargetIsEmpty() {
    var refusal = catchThrowableOfType(RefusedTarget.class, () -> rules.check(null));

    assertThat(refusal.reason().code()).isEqualTo("empty");
  }

  @ParameterizedTest
  @CsvSource({
    "https://example.com,https://example.com/",
    "HTTPS://Example.COM:443/A?b#c,https://example.com/A?b#c",
    "http://example.com:8080/,http://example.com:8080/",
    "https://한글.kr/경로?q=값,https://xn--bj0bj06e.kr/%EA%B2%BD%EB%A1%9C?q=%EA%B0%92",
    "https://xn--bj0bj06e.kr/,https://xn--bj0bj06e.kr/",
    "https://example.com/a b?c=d e,https://example.com/a%20b?c=d%20e",
    "https://example.com/😀,https://example.com/%F0%9F%98%80",
    "https://example.com/../a/./b,https://example.com/a/b",
    "https://example.com/%zz/%41,https://example.com/%zz/%41",
    "https://example.com/{x}?a|b,https://example.com/%7Bx%7D?a%7Cb",
    "https://example.com/a@b?c=https://d/,https://example.com/a@b?c=https://d/",
    "https://8.8.8.8/,https://8.8.8.8/",
    "https://[2606:4700::1111]/,https://[2606:4700::1111]/",
    "https://ab_c.example.com/,https://ab_c.example.com/",
    "' https://example.com/ ',https://example.com/",
  })
  void anAcceptedTargetIsWrittenAsABrowserSendsIt(String target, @Nullable String normal) {
    assertThat(rules.check(target)).isEqualTo(normal);
    assertThat(rules.check(normal)).as("is stable").isEqualTo(normal);
  }

  @Test
  void configurationAllowsPrivateTargets() {
    var lenient = new TargetRules(Set.of("127.0.0.1:8082"), true, true);

    assertThat(lenient.check("http://127.0.0.1:8080/campaigns/x"))
        .isEqualTo("http://127.0.0.1:8080/campaigns/x");
    assertThat(lenient.check("http://localhost/")).isEqualTo("http://localhost/");
    assertThat(lenient.check("http://intranet/")).isEqualTo("http://intranet/");
    var loop =
        catchThrowableOfType(RefusedTarget.class, () -> lenient.check("http://127.0.0.1:8082/abc"));
    assertThat(loop.reason()).isEqualTo(Reason.OWN_HOST);
  }
}
