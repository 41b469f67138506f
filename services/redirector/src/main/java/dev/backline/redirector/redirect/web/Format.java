package dev.backline.redirector.redirect.web;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * How an answer without a redirect is written. People come here by hand, so a page is what those
 * get who don't care.
 */
enum Format {
  HTML,
  PROBLEM;

  private static final int MAX_HEADER = 1_000;

  static Format of(@Nullable String accept) {
    if (accept == null || accept.length() > MAX_HEADER) {
      return HTML;
    }
    try {
      List<MediaType> accepted = MediaType.parseMediaTypes(accept);
      double problem =
          Math.max(
              quality(accepted, MediaType.APPLICATION_PROBLEM_JSON),
              quality(accepted, MediaType.APPLICATION_JSON));
      return problem > quality(accepted, MediaType.TEXT_HTML) ? PROBLEM : HTML;
    } catch (InvalidMediaTypeException e) {
      return HTML;
    }
  }

  /** What the most specific range that holds the type says. */
  private static double quality(List<MediaType> accepted, MediaType type) {
    double quality = 0;
    int closest = -1;
    for (MediaType range : accepted) {
      if (range.includes(type)) {
        int closeness = range.isWildcardType() ? 0 : range.isWildcardSubtype() ? 1 : 2;
        if (closeness > closest) {
          closest = closeness;
          quality = range.getQualityValue();
        }
      }
    }
    return quality;
  }
}
