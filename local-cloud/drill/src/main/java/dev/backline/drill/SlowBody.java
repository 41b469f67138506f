package dev.backline.drill;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;

/** A request body that comes piece by piece. */
final class SlowBody extends InputStream {

  private final Iterator<String> pieces;
  private final Duration pause;
  private final Runnable underWay;
  private byte[] piece = new byte[0];
  private int position;
  private int begun;

  /**
   * A body of these pieces.
   *
   * @param pause between two of them
   * @param underWay called when the first ones have certainly been sent
   */
  SlowBody(List<String> pieces, Duration pause, Runnable underWay) {
    this.pieces = pieces.iterator();
    this.pause = pause;
    this.underWay = underWay;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0];
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (position == piece.length) {
      if (!pieces.hasNext()) {
        return -1;
      }
      pause();
      piece = pieces.next().getBytes(StandardCharsets.UTF_8);
      position = 0;
    }
    int count = Math.min(length, piece.length - position);
    System.arraycopy(piece, position, bytes, offset, count);
    position += count;
    return count;
  }

  private void pause() throws IOException {
    // The client reads one piece ahead of what it sends.
    if (++begun == 3) {
      underWay.run();
    }
    try {
      Thread.sleep(begun == 1 ? Duration.ZERO : pause);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
