package dev.backline.beapi.link.bulk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads UTF-8 lines one by one, never holding more than one. A line that is too long or not UTF-8
 * is given as a fault, and reading goes on behind it. Lines end with LF or CRLF; a byte order mark
 * is dropped; blank lines are skipped.
 */
final class LineReader {

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final InputStream in;
  private final byte[] buffer;
  private long number;

  /**
   * @param maxBytes length of the longest line that is read, without its end
   */
  LineReader(InputStream in, int maxBytes) {
    this.in = new BufferedInputStream(in, 16 * 1024);
    this.buffer = new byte[maxBytes + 1];
  }

  /** The next line that is not blank, or null at the end. */
  @Nullable Line next() throws IOException {
    while (true) {
      int length = 0;
      boolean tooLong = false;
      int b = in.read();
      if (b < 0) {
        return null;
      }
      number++;
      for (; b >= 0 && b != '\n'; b = in.read()) {
        if (length < buffer.length) {
          buffer[length++] = (byte) b;
        } else {
          tooLong = true;
        }
      }
      var line = line(length, tooLong);
      if (line.text() == null || !line.text().isBlank()) {
        return line;
      }
    }
  }

  private Line line(int length, boolean tooLong) {
    int end = length > 0 && buffer[length - 1] == '\r' ? length - 1 : length;
    if (tooLong || end >= buffer.length) {
      return new Line(number, null, "has more than " + (buffer.length - 1) + " bytes");
    }
    int start = number == 1 && startsWithByteOrderMark(end) ? BYTE_ORDER_MARK.length : 0;
    try {
      var text = UTF_8.newDecoder().decode(ByteBuffer.wrap(buffer, start, end - start)).toString();
      return new Line(number, text, null);
    } catch (CharacterCodingException e) {
      return new Line(number, null, "is not UTF-8");
    }
  }

  private boolean startsWithByteOrderMark(int length) {
    int mark = BYTE_ORDER_MARK.length;
    return length >= mark && Arrays.equals(buffer, 0, mark, BYTE_ORDER_MARK, 0, mark);
  }
}
