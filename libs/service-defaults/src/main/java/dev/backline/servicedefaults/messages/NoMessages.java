package dev.backline.servicedefaults.messages;

import java.text.MessageFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.context.MessageSourceResolvable;
import org.springframework.context.NoSuchMessageException;

/** Knows no code, and gives what comes with the question. */
final class NoMessages implements MessageSource {

  @Override
  public @Nullable String getMessage(
      String code,
      Object @Nullable [] arguments,
      @Nullable String defaultMessage,
      @Nullable Locale locale) {
    return defaultMessage == null ? null : format(defaultMessage, arguments, locale);
  }

  @Override
  public String getMessage(String code, Object @Nullable [] arguments, @Nullable Locale locale) {
    throw new NoSuchMessageException(code);
  }

  @Override
  public String getMessage(MessageSourceResolvable resolvable, @Nullable Locale locale) {
    String message = resolvable.getDefaultMessage();
    if (message == null) {
      String[] codes = resolvable.getCodes();
      throw new NoSuchMessageException(
          codes == null || codes.length == 0 ? "" : codes[codes.length - 1]);
    }
    return format(message, resolvable.getArguments(), locale);
  }

  /** As Spring does: without arguments a message is no pattern. */
  private static String format(
      String message, Object @Nullable [] arguments, @Nullable Locale locale) {
    return arguments == null || arguments.length == 0
        ? message
        : new MessageFormat(message, locale == null ? Locale.ROOT : locale).format(arguments);
  }
}
