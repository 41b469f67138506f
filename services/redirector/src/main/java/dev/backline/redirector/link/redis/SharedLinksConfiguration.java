package dev.backline.redirector.link.redis;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.backline.redirector.link.LinkCacheProperties;
import dev.backline.redirector.link.Links;
import dev.backline.redirector.link.SharedLinks;
import io.lettuce.core.ClientOptions;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class SharedLinksConfiguration {

  @Bean
  SharedLinks sharedLinks(
      StringRedisTemplate redis,
      JsonMapper json,
      LinkCacheProperties properties,
      MeterRegistry meters) {
    return new RedisSharedLinks(redis, json, properties, Ticker.systemTicker(), meters);
  }

  /** A command that waits for a reconnect would make a redirect wait with it. */
  @Bean
  LettuceClientOptionsBuilderCustomizer failWhileDisconnected() {
    return options ->
        options.disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS);
  }

  @Bean
  LinkChanges linkChanges(RedisConnectionFactory connections, Links links) {
    return new LinkChanges(connections, links);
  }
}
