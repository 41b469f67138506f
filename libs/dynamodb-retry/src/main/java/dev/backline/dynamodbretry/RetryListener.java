package dev.backline.dynamodbretry;

/**
 * Hears of every retry, which the SDK itself only writes to its debug log. Called on the thread
 * that retries.
 */
@FunctionalInterface
public interface RetryListener {

  /**
   * Called for each retry, once it is certain to happen.
   *
   * @param operation name of the API operation, such as {@code PutItem}
   * @param reason one of a small fixed set, such as {@code throttling}, {@code io}, {@code
   *     unprocessed}
   */
  void retried(String operation, String reason);

  static RetryListener silent() {
    return (operation, reason) -> {};
  }
}
