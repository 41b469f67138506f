package dev.backline.localcloud.sns;

/** An error that is answered to the caller in the form of the SNS API. */
final class SnsException extends RuntimeException {

  private final int status;
  private final String code;

  private SnsException(int status, String code, String message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  static SnsException notFound(String what) {
    return new SnsException(404, "NotFound", what + " does not exist");
  }

  static SnsException invalid(String problem) {
    return new SnsException(400, "InvalidParameter", "Invalid parameter: " + problem);
  }

  static SnsException of(String code, String message) {
    return new SnsException(400, code, message);
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }
}
