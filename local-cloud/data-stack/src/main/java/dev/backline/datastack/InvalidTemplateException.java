package dev.backline.datastack;

/**
 * The template is not one that this module can create; the message names the logical id and what to
 * change.
 */
public final class InvalidTemplateException extends RuntimeException {

  InvalidTemplateException(String message) {
    super(message);
  }

  InvalidTemplateException(String message, Throwable cause) {
    super(message, cause);
  }
}
