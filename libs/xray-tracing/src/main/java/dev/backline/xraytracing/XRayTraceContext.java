package dev.backline.xraytracing;

import com.amazonaws.xray.entities.Entity;
import com.amazonaws.xray.entities.Segment;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

final class XRayTraceContext implements TraceContext {

  private final Segments segments;

  XRayTraceContext(Segments segments) {
    this.segments = segments;
  }

  @Override
  public Optional<String> currentHeader() {
    return Optional.ofNullable(segments.current())
        .filter(Entity::isSampled)
        .map(entity -> "Root=" + entity.getTraceId() + ";Parent=" + entity.getId() + ";Sampled=1");
  }

  @Override
  public Optional<String> currentTraceId() {
    return Optional.ofNullable(segments.current()).map(entity -> entity.getTraceId().toString());
  }

  @Override
  public <T extends @Nullable Object> T continueFrom(
      @Nullable String awsTraceHeader, String name, Callable<T> work) throws Exception {
    Entity outer = segments.current();
    Segment segment = segments.begin(IncomingTrace.parse(awsTraceHeader));
    try {
      segment.putAnnotation("work", name);
      return work.call();
    } catch (Throwable failure) {
      segment.addException(failure);
      throw failure;
    } finally {
      segments.end(segment);
      segments.set(outer);
    }
  }

  @Override
  public void run(@Nullable String awsTraceHeader, String name, Runnable work) {
    try {
      continueFrom(
          awsTraceHeader,
          name,
          () -> {
            work.run();
            return true;
          });
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("A Runnable threw a checked exception", e);
    }
  }
}
