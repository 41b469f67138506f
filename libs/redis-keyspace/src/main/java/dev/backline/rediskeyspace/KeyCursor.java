package dev.backline.rediskeyspace;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.springframework.data.redis.core.Cursor;

/**
 * A SCAN that gives back what it holds at its end, and not only when someone remembers to close it.
 */
final class KeyCursor implements Iterator<byte[]>, AutoCloseable {

  private final Cursor<byte[]> cursor;
  private final Runnable release;
  private boolean closed;

  KeyCursor(Cursor<byte[]> cursor, Runnable release) {
    this.cursor = cursor;
    this.release = release;
  }

  @Override
  public boolean hasNext() {
    if (closed) {
      return false;
    }
    try {
      if (cursor.hasNext()) {
        return true;
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    close();
    return false;
  }

  @Override
  public byte[] next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return cursor.next();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      try {
        cursor.close();
      } finally {
        release.run();
      }
    }
  }
}
