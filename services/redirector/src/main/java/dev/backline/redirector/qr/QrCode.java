package dev.backline.redirector.qr;

import com.google.zxing.EncodeHintType;
import com.google.zxing.WriterException;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import com.google.zxing.qrcode.encoder.ByteMatrix;
import com.google.zxing.qrcode.encoder.Encoder;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

/** A QR code, black on white with the quiet zone that the standard asks for. */
public final class QrCode {

  /**
   * Smallest and largest picture, in pixels: legible on a phone; sharp on a poster is what SVG is
   * for.
   */
  public static final int MIN_SIZE = 128;

  public static final int MAX_SIZE = 1_024;
  public static final int DEFAULT_SIZE = 256;

  /** Modules of white around the code, ISO/IEC 18004. */
  private static final int QUIET_ZONE = 4;

  /** Pixels per module that cameras still tell apart. */
  private static final int MIN_SCALE = 2;

  private static final byte[] PNG_SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

  private final ByteMatrix modules;
  private final int width;

  private QrCode(ByteMatrix modules) {
    this.modules = modules;
    this.width = modules.getWidth() + 2 * QUIET_ZONE;
  }

  /**
   * Level M: readable with 15 % of it covered.
   *
   * @param text at most about 2,300 bytes
   */
  public static QrCode of(String text) {
    try {
      return new QrCode(
          Encoder.encode(
                  text,
                  ErrorCorrectionLevel.M,
                  Map.of(EncodeHintType.CHARACTER_SET, StandardCharsets.UTF_8.name()))
              .getMatrix());
    } catch (WriterException e) {
      throw new IllegalArgumentException("too long for a QR code", e);
    }
  }

  private boolean isDark(int x, int y) {
    int column = x - QUIET_ZONE;
    int row = y - QUIET_ZONE;
    return column >= 0
        && row >= 0
        && column < modules.getWidth()
        && row < modules.getHeight()
        && modules.get(column, row) == 1;
  }

  /** One path, a unit per module, that fills whatever box it is put in. */
  public byte[] svg(int size) {
    StringBuilder svg = new StringBuilder(8_192);
    svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"")
        .append(size)
        .append("\" height=\"")
        .append(size)
        .append("\" viewBox=\"0 0 ")
        .append(width)
        .append(' ')
        .append(width)
        .append("\" shape-rendering=\"crispEdges\"><rect width=\"")
        .append(width)
        .append("\" height=\"")
        .append(width)
        .append("\" fill=\"#fff\"/><path d=\"");
    for (int y = 0; y < width; y++) {
      for (int x = 0; x < width; x++) {
        int start = x;
        while (isDark(x, y)) {
          x++;
        }
        if (x > start) {
          int run = x - start;
          svg.append('M').append(start).append(' ').append(y);
          svg.append('h').append(run).append("v1h-").append(run).append('z');
        }
      }
    }
    return svg.append("\"/></svg>").toString().getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Black and white, one bit per pixel, written without java.desktop: a few hundred bytes.
   *
   * @param size width and height in pixels; more when the code needs it to have two per module
   */
  public byte[] png(int size) {
    int side = Math.max(size, MIN_SCALE * width);
    int scale = side / width;
    int margin = (side - scale * width) / 2;
    int stride = (side + 7) / 8;
    byte[] rows = new byte[side * (stride + 1)];
    for (int y = 0; y < side; y++) {
      int row = y * (stride + 1) + 1;
      int moduleY = Math.floorDiv(y - margin, scale);
      for (int x = 0; x < side; x++) {
        if (!isDark(Math.floorDiv(x - margin, scale), moduleY)) {
          rows[row + (x >> 3)] |= (byte) (0x80 >> (x & 7));
        }
      }
    }
    try {
      ByteArrayOutputStream png = new ByteArrayOutputStream(1_024);
      png.write(PNG_SIGNATURE);
      ByteArrayOutputStream header = new ByteArrayOutputStream();
      DataOutputStream fields = new DataOutputStream(header);
      fields.writeInt(side);
      fields.writeInt(side);
      // Bit depth 1, greyscale; deflate, adaptive filters (each row says 0, none), not interlaced.
      fields.write(new byte[] {1, 0, 0, 0, 0});
      chunk(png, "IHDR", header.toByteArray());
      ByteArrayOutputStream compressed = new ByteArrayOutputStream();
      try (DeflaterOutputStream deflate = new DeflaterOutputStream(compressed)) {
        deflate.write(rows);
      }
      chunk(png, "IDAT", compressed.toByteArray());
      chunk(png, "IEND", new byte[0]);
      return png.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void chunk(ByteArrayOutputStream png, String type, byte[] data)
      throws IOException {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data);
    DataOutputStream out = new DataOutputStream(png);
    out.writeInt(data.length);
    out.write(name);
    out.write(data);
    out.writeInt((int) crc.getValue());
  }
}
