package dev.backline.xraytracing;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * What is traced and where it goes.
 *
 * @param enabled Whether requests, messages and calls are traced. Off, log lines have no trace id.
 * @param samplingRate Share of new traces that are recorded beyond the reservoir, 0 to 1. 0.05,
 *     X-Ray's own default, keeps the bill small and still shows what is common.
 * @param reservoir New traces recorded each second before the rate counts, so that a quiet service
 *     is traced in full. 1 is X-Ray's own default.
 * @param daemonAddress Where segments are sent by UDP: host:port. Without it
 *     AWS_XRAY_DAEMON_ADDRESS counts, as everywhere on AWS, and without that 127.0.0.1:2000, where
 *     the daemon listens as a sidecar of an ECS task.
 * @param ignoredPaths Paths that, with all below, are not traced. Health checks and scrapes come
 *     all the time and would use up the reservoir.
 */
@ConfigurationProperties("backline.tracing")
record XRayTracingProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue("0.05") double samplingRate,
    @DefaultValue("1") int reservoir,
    @Nullable String daemonAddress,
    @DefaultValue({"/livez", "/readyz", "/actuator"}) List<String> ignoredPaths) {

  void check() {
    if (!(samplingRate >= 0 && samplingRate <= 1)) {
      throw new InvalidConfigurationPropertyValueException(
          "backline.tracing.sampling-rate", samplingRate, "It has to be between 0 and 1.");
    }
    if (reservoir < 0) {
      throw new InvalidConfigurationPropertyValueException(
          "backline.tracing.reservoir", reservoir, "It has to be 0 or more traces per second.");
    }
  }
}
