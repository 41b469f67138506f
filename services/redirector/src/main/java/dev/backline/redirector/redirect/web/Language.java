package dev.backline.redirector.redirect.web;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The languages of the pages. English stands first: it is for those who speak neither. */
enum Language {
  ENGLISH("en"),
  KOREAN("ko");

  /** A browser sends under 100 characters. */
  private static final int MAX_HEADER = 500;

  private final String tag;

  Language(String tag) {
    this.tag = tag;
  }

  String tag() {
    return tag;
  }

  static Language of(@Nullable String acceptLanguage) {
    if (acceptLanguage == null
        || acceptLanguage.isBlank()
        || acceptLanguage.length() > MAX_HEADER) {
      return ENGLISH;
    }
    try {
      String best =
          Locale.lookupTag(
              Locale.LanguageRange.parse(acceptLanguage), List.of(ENGLISH.tag, KOREAN.tag));
      return KOREAN.tag.equals(best) ? KOREAN : ENGLISH;
    } catch (IllegalArgumentException e) {
      return ENGLISH;
    }
  }
}
