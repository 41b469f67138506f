package dev.backline.servicedefaults.web;

import dev.backline.dynamodbretry.IncompleteBatchException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/**
 * Tells a dependency that is away or overloaded, after which a client may try again, from an error
 * of ours.
 */
final class Unavailability {

  private static final int DEEPEST_CAUSE = 10;

  private Unavailability() {}

  static boolean isCauseOf(Throwable e) {
    Throwable cause = e;
    for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
      if (isUnavailability(cause)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  private static boolean isUnavailability(Throwable e) {
    return switch (e) {
      case SdkServiceException service ->
          service.isThrottlingException() || service.statusCode() >= 500;
      case SdkClientException _,
          IncompleteBatchException _,
          DataAccessResourceFailureException _,
          TransientDataAccessResourceException _,
          QueryTimeoutException _,
          CannotCreateTransactionException _,
          TransactionSystemException _ ->
          true;
      default -> false;
    };
  }
}
