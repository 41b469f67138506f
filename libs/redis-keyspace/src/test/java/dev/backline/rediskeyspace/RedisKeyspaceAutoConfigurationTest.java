package dev.backline.rediskeyspace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.cache.autoconfigure.RedisCacheManagerBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.cache.RedisCache;

class RedisKeyspaceAutoConfigurationTest {

  @RegisterExtension static final RedisForTests REDIS = new RedisForTests();

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  DataRedisAutoConfiguration.class,
                  CacheAutoConfiguration.class,
                  RedisKeyspaceAutoConfiguration.class))
          .withPropertyValues("spring.cache.type=redis", "spring.data.redis.host=127.0.0.1");

  @Configuration(proxyBeanMethods = false)
  @EnableCaching
  static class WithCaches {}

  @Test
  void aCacheIsClearedWhereKeysIsForbidden() {
    withCaches()
        .run(
            context -> {
              Cache cache = cache(context.getBean(CacheManager.class), "campaigns");
              for (int i = 0; i < 1_500; i++) {
                cache.put("id" + i, "x");
              }

              cache.clear();

              assertThat(context.getBean(KeyScanner.class).clear(Namespace.of("campaigns")))
                  .isZero();
            });
  }

  @Test
  void aCacheWhoseNameLooksLikeAGlobClearsItselfAndNoOther() {
    withCaches()
        .run(
            context -> {
              CacheManager caches = context.getBean(CacheManager.class);
              Cache glob = cache(caches, "user[12]*");
              Cache other = cache(caches, "user1");
              glob.put("a", "x");
              other.put("a", "x");

              glob.clear();

              assertThat(glob.get("a")).isNull();
              assertThat(other.get("a")).isNotNull();
            });
  }

  @Test
  void aPatternWithinACacheStillWorks() {
    withCaches()
        .run(
            context -> {
              Cache cache = cache(context.getBean(CacheManager.class), "links");
              cache.put("seoul-1", "x");
              cache.put("seoul-2", "x");
              cache.put("busan-1", "x");

              ((RedisCache) cache).clear("seoul-*");

              assertThat(cache.get("seoul-1")).isNull();
              assertThat(cache.get("busan-1")).isNotNull();
            });
  }

  @Test
  void aPrefixOfOnesOwnIsEscapedToo() {
    withCaches()
        .withPropertyValues("spring.cache.redis.key-prefix=shop?:")
        .run(
            context -> {
              REDIS.template().opsForValue().set("shopX:prices::a", "someone else's");
              Cache cache = cache(context.getBean(CacheManager.class), "prices");
              cache.put("a", "x");

              cache.clear();

              assertThat(cache.get("a")).isNull();
              assertThat(REDIS.template().hasKey("shopX:prices::a")).isTrue();
            });
  }

  @Test
  void settingsThatMakeNoSenseStopTheStart() {
    runner
        .withPropertyValues("backline.redis.keyspace.scan-count=0")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining("scan-count must be positive but is 0"));
  }

  @Test
  void withoutCachingThereIsOnlyTheScanner() {
    runner
        .withClassLoader(new FilteredClassLoader(RedisCacheManagerBuilderCustomizer.class))
        .run(context -> assertThat(context).hasNotFailed().hasSingleBean(KeyScanner.class));
  }

  @Test
  void withoutRedisThereIsNothing() {
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(RedisKeyspaceAutoConfiguration.class))
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(KeyScanner.class));
  }

  private ApplicationContextRunner withCaches() {
    return runner
        .withUserConfiguration(WithCaches.class)
        .withPropertyValues("spring.data.redis.port=" + REDIS.port());
  }

  private static Cache cache(CacheManager caches, String name) {
    return Objects.requireNonNull(caches.getCache(name));
  }
}
