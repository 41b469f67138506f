package dev.backline.rediskeyspace;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.cache.autoconfigure.RedisCacheManagerBuilderCustomizer;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.data.redis.cache.RedisCacheWriter;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** Adds a {@link KeyScanner}, and makes Spring's Redis caches clear themselves without KEYS. */
@AutoConfiguration(after = DataRedisAutoConfiguration.class)
@ConditionalOnClass(RedisConnectionFactory.class)
@EnableConfigurationProperties(RedisKeyspaceProperties.class)
public class RedisKeyspaceAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  @ConditionalOnBean(RedisConnectionFactory.class)
  KeyScanner keyScanner(RedisConnectionFactory connections, RedisKeyspaceProperties properties) {
    return new KeyScanner(connections, properties.scanCount(), properties.unlinkBatch());
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(RedisCacheManagerBuilderCustomizer.class)
  @ConditionalOnBean(RedisConnectionFactory.class)
  static class Caches {

    /**
     * First in order: a customizer of the application may still choose another writer. Writes are
     * immediate because an asynchronous clear ignores the strategy, and answers before anything is
     * gone.
     */
    @Bean
    @Order(Integer.MIN_VALUE)
    RedisCacheManagerBuilderCustomizer scanningCaches(
        RedisConnectionFactory connections, RedisKeyspaceProperties properties) {
      return builder ->
          builder.cacheWriter(
              RedisCacheWriter.create(
                  connections,
                  writer ->
                      writer
                          .immediateWrites()
                          .batchStrategy(
                              new CacheClearing(
                                  properties.keyspace(),
                                  name ->
                                      builder
                                          .getCacheConfigurationFor(name)
                                          .orElseGet(builder::cacheDefaults)
                                          .getKeyPrefixFor(name)))));
    }
  }
}
