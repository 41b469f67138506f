package dev.backline.desk.demo;

/** Where a suite keeps its traces. */
public sealed interface TraceStore {

  /** The receiver of the embedded cloud. */
  record LocalCloud(String url) implements TraceStore {}

  /** Jaeger's query API, behind a collector with an X-Ray receiver. */
  record Jaeger(String url) implements TraceStore {}

  /** Nobody receives them. */
  record None(String remedy) implements TraceStore {}
}
