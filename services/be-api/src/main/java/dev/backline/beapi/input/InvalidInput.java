package dev.backline.beapi.input;

/** A value that is refused, with the field that holds it; web adapters answer it with 400. */
public final class InvalidInput extends RuntimeException {

  private final String field;
  private final String detail;

  /**
   * @param field the field, parameter or header as the caller wrote it
   * @param detail what is wrong and what would be right; shown to the caller
   */
  public InvalidInput(String field, String detail) {
    super(field + ": " + detail, null, false, false);
    this.field = field;
    this.detail = detail;
  }

  public String field() {
    return field;
  }

  public String detail() {
    return detail;
  }
}
