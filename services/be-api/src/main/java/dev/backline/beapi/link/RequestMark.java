package dev.backline.beapi.link;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What a link remembers of the request that created it: a hash of its key and one of its content.
 */
record RequestMark(String key, String content) {

  /** 128 bits: no two requests meet by chance. */
  private static final int HASH_BYTES = 16;

  static RequestMark of(IdempotencyKey key, LinkDraft draft) {
    return new RequestMark(
        hash(key.value()),
        hash(draft.targetUrl(), draft.expiresAt(), draft.campaign(), draft.note()));
  }

  static @Nullable RequestMark parse(@Nullable String text) {
    int dot = text == null ? -1 : text.indexOf('.');
    return text == null || dot < 0
        ? null
        : new RequestMark(text.substring(0, dot), text.substring(dot + 1));
  }

  String text() {
    return key + "." + content;
  }

  private static String hash(@Nullable Object... parts) {
    var digest = LinkCode.sha256();
    for (var part : parts) {
      digest.update((byte) (part == null ? 0 : 1));
      if (part != null) {
        digest.update(part.toString().getBytes(UTF_8));
        digest.update((byte) 0);
      }
    }
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Arrays.copyOf(digest.digest(), HASH_BYTES));
  }
}
