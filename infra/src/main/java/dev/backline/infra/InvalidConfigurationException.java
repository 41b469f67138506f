package dev.backline.infra;

import java.util.List;

/**
 * Something that would be deployed makes no sense. The message says where, what, and what to do.
 */
public final class InvalidConfigurationException extends RuntimeException {

  public InvalidConfigurationException(String problem) {
    super(problem);
  }

  public InvalidConfigurationException(List<String> problems) {
    this(String.join(System.lineSeparator(), problems));
  }
}
