package dev.backline.xraytracing;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Takes a trace across a border that HTTP headers don't cross, such as a queue. Everything else is
 * traced without a call: requests, AWS calls, and Micrometer observations.
 */
public interface TraceContext {

  /**
   * The value for the message system attribute {@code AWSTraceHeader} ({@code
   * Root=…;Parent=…;Sampled=1}); empty where nothing is traced or the trace is not sampled.
   */
  Optional<String> currentHeader();

  /** The trace id of the current thread ({@code 1-8hex-24hex}), sampled or not. */
  Optional<String> currentTraceId();

  /**
   * Runs the work in a segment of its own that continues the given trace, with the trace id in
   * every log line. A missing or malformed header begins a new trace.
   *
   * @param awsTraceHeader the received message's {@code AWSTraceHeader}
   * @param name what is done, e.g. {@code clicks}; stands in the segment as annotation {@code work}
   * @return what the work returns
   * @throws Exception what the work throws, after it was recorded
   */
  <T extends @Nullable Object> T continueFrom(
      @Nullable String awsTraceHeader, String name, Callable<T> work) throws Exception;

  /** Like {@link #continueFrom}, for work that returns nothing and throws nothing checked. */
  void run(@Nullable String awsTraceHeader, String name, Runnable work);
}
