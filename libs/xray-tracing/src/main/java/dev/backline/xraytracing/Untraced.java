package dev.backline.xraytracing;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The context of a service whose tracing is switched off. */
final class Untraced implements TraceContext {

  @Override
  public Optional<String> currentHeader() {
    return Optional.empty();
  }

  @Override
  public Optional<String> currentTraceId() {
    return Optional.empty();
  }

  @Override
  public <T extends @Nullable Object> T continueFrom(
      @Nullable String awsTraceHeader, String name, Callable<T> work) throws Exception {
    return work.call();
  }

  @Override
  public void run(@Nullable String awsTraceHeader, String name, Runnable work) {
    work.run();
  }
}
