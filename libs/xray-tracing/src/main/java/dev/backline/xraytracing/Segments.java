package dev.backline.xraytracing;

import com.amazonaws.xray.AWSXRayRecorder;
import com.amazonaws.xray.entities.Entity;
import com.amazonaws.xray.entities.Segment;
import com.amazonaws.xray.entities.Subsegment;
import com.amazonaws.xray.entities.TraceID;
import org.jspecify.annotations.Nullable;

/** Begins segments of this service, and moves them between threads. */
final class Segments {

  private final AWSXRayRecorder recorder;
  private final String service;
  private final Sampler sampler;

  Segments(AWSXRayRecorder recorder, String service, Sampler sampler) {
    this.recorder = recorder;
    this.service = service;
    this.sampler = sampler;
  }

  /**
   * Begins a segment on this thread. The caller's decision on sampling holds, else a trace would
   * have holes. One that is not sampled records nothing but has a trace id for the logs.
   */
  Segment begin(IncomingTrace incoming) {
    String root = incoming.root();
    TraceID traceId = root == null ? TraceID.create(recorder) : TraceID.fromString(root);
    Boolean decided = incoming.sampled();
    boolean sampled = decided == null ? sampler.sample() : decided;
    return sampled
        ? recorder.beginSegment(service, traceId, incoming.parent())
        : recorder.beginNoOpSegment(traceId);
  }

  /** Begins a subsegment of what is current, without making it current. */
  Subsegment beginSubsegment(String name) {
    Entity parent = current();
    Subsegment subsegment = recorder.beginSubsegment(name);
    set(parent);
    return subsegment;
  }

  void endSubsegment(Subsegment subsegment) {
    recorder.endSubsegment(subsegment);
  }

  @Nullable Entity current() {
    return recorder.getTraceEntity();
  }

  /** Puts the entity on this thread; {@code null} takes away what is there. */
  // Its replacement, Entity.run, needs the work as a lambda; filters and scopes have a begin and an
  // end.
  @SuppressWarnings("deprecation")
  void set(@Nullable Entity entity) {
    if (entity == null) {
      recorder.clearTraceEntity();
    } else {
      recorder.setTraceEntity(entity);
    }
  }

  /** Ends and sends the segment, whatever thread it is called on; that thread keeps its own. */
  void end(Segment segment) {
    Entity own = current();
    set(segment);
    try {
      recorder.endSegment();
    } finally {
      set(own != null && own.getParentSegment().equals(segment) ? null : own);
    }
  }
}
