package dev.backline.localcloud.sns;

/**
 * A message attribute as SNS and SQS know it.
 *
 * @param value the text, or Base64 for the data type Binary
 */
public record MessageAttribute(String dataType, String value) {

  public boolean isBinary() {
    return dataType.startsWith("Binary");
  }
}
