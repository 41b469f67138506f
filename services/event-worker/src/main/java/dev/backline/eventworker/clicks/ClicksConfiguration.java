package dev.backline.eventworker.clicks;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ClicksConfiguration {

  @Bean
  ClickCounter clickCounter(
      LinkStats stats, ClicksProperties properties, Clock clock, MeterRegistry meters) {
    ClickWindow window = new ClickWindow(properties.maxAge(), properties.maxAhead(), clock);
    return new ClickCounter(stats, window, clock, meters);
  }
}
