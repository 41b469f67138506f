package dev.backline.redirector.link;

import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class LinkConfiguration {

  /** A cold JVM on a busy machine can need more than one timeout to get through. */
  private static final int WARM_UP_ATTEMPTS = 3;

  @Bean
  Links links(
      SharedLinks shared, LinkStore store, LinkCacheProperties properties, MeterRegistry meters) {
    return new Links(shared, store, properties, Ticker.systemTicker(), meters);
  }

  /**
   * The first read opens connections and loads classes; better before the balancer sends people.
   */
  @Bean
  ApplicationRunner warmUp(Links links) {
    return _ -> {
      for (int attempt = 0; attempt < WARM_UP_ATTEMPTS; attempt++) {
        try {
          links.find(new LinkCode("warm-up"));
          return;
        } catch (LinksUnavailableException e) {
          // Told in the log by the store; links that Redis knows can be followed all the same.
        }
      }
    };
  }
}
