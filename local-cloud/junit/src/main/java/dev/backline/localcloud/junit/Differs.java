package dev.backline.localcloud.junit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says that an emulator does otherwise than AWS. The test runs there all the same: it counts as
 * skipped when it fails, and fails when it passes, so that the note goes once the emulator has
 * learned it.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(Differs.All.class)
public @interface Differs {

  /** {@code localstack} or {@code floci}, however it was started. */
  String on();

  /** What it does instead. */
  String how();

  /** Holds several. */
  @Target(ElementType.METHOD)
  @Retention(RetentionPolicy.RUNTIME)
  @interface All {
    Differs[] value();
  }
}
