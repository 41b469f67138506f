package dev.backline.redirector.redirect.web;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.springframework.web.util.HtmlUtils;

/**
 * The few pages of the short-link host. No script, no font, nothing from elsewhere: one small file
 * each.
 */
final class Pages {

  private static final String STYLE =
      "body{margin:0;min-height:100vh;display:grid;place-items:center;"
          + "font:1rem/1.6 system-ui,sans-serif;color:#222;background:#f6f6f4}"
          + "main{max-width:34rem;margin:1.5rem;padding:2rem;background:#fff;border-radius:.75rem}"
          + "h1{margin:0 0 .5rem;font-size:1.4rem}p{margin:.5rem 0}"
          + ".target{padding:.75rem;background:#f6f6f4;border-radius:.5rem;overflow-wrap:anywhere}"
          + "img{display:block;margin:1rem 0}"
          + "@media(prefers-color-scheme:dark){body{color:#eee;background:#181818}"
          + "main{background:#242424}.target{background:#181818}a{color:#9cf}}";

  /** Nothing may be loaded or run but the style above, by its hash, and our own QR code. */
  static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; style-src 'sha256-"
          + sha256(STYLE)
          + "'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private Pages() {}

  static String notice(Language language, String title, String detail) {
    return page(language, title, "<p>" + escaped(detail) + "</p>");
  }

  static String home(Language language) {
    return switch (language) {
      case ENGLISH ->
          page(
              language,
              "Short links",
              "<p>Put a + behind a short link to see where it leads, .png or .svg for its QR"
                  + " code.</p>");
      case KOREAN ->
          page(
              language, "짧은 링크", "<p>짧은 링크 뒤에 +를 붙이면 어디로 가는지, .png나 .svg를 붙이면 QR 코드를 볼 수 있어요.</p>");
    };
  }

  /**
   * @param path of the short link, percent-encoded
   * @param target percent-encoded as in a Location header, so that no character can pass for
   *     another
   */
  static String preview(Language language, String path, String target) {
    boolean korean = language == Language.KOREAN;
    String host = hostOf(target);
    return page(
        language,
        korean ? "이 링크가 가는 곳" : "Where this link leads",
        """
        <p>%s <strong>%s</strong></p>
        <p class="target"><bdi>%s</bdi></p>
        <p><a href="%s" rel="noopener noreferrer nofollow">%s</a></p>
        <img src="%s.svg?size=160" width="160" height="160" alt="%s">"""
            .formatted(
                korean ? "사이트:" : "Site:",
                escaped(host),
                escaped(target),
                escaped(target),
                korean ? "이동하기" : "Go there",
                escaped(path),
                korean ? "QR 코드" : "QR code"));
  }

  /** What stands between scheme and path; the port and, if ever, user-info stay visible. */
  private static String hostOf(String target) {
    int start = target.indexOf("//") + 2;
    int end = start;
    while (end < target.length() && "/?#\\".indexOf(target.charAt(end)) < 0) {
      end++;
    }
    return target.substring(start, end);
  }

  private static String page(Language language, String title, String content) {
    return """
        <!doctype html>
        <html lang="%s">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width,initial-scale=1">
        <title>%s</title>
        <style>%s</style>
        </head>
        <body>
        <main>
        <h1>%s</h1>
        %s
        </main>
        </body>
        </html>
        """
        .formatted(language.tag(), escaped(title), STYLE, escaped(title), content);
  }

  private static String escaped(String text) {
    return HtmlUtils.htmlEscape(text, StandardCharsets.UTF_8.name());
  }

  private static String sha256(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
