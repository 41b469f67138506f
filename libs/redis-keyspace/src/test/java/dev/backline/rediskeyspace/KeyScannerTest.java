package dev.backline.rediskeyspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

class KeyScannerTest {

  @RegisterExtension static final RedisForTests REDIS = new RedisForTests();

  private static final Namespace LINKS = Namespace.of("app", "v1", "link");

  private final KeyScanner scanner = new KeyScanner(REDIS.connections());

  @Test
  void thisRedisRefusesKeys() {
    assertThatExceptionOfType(DataAccessException.class)
        .isThrownBy(() -> REDIS.template().keys("*"));
  }

  @Test
  void allOfManyKeysAreFoundOnceAndNoOthers() {
    fill(LINKS, 0, 12_345);
    fill(Namespace.of("app", "v1", "links"), 0, 500);
    fill(Namespace.of("app", "v2", "link"), 0, 500);

    assertThat(scan(LINKS)).hasSize(12_345).doesNotHaveDuplicates().allMatch(LINKS::contains);
  }

  @Test
  void aKeyIsGivenOnceEvenWhenRedisRehashesMeanwhile() {
    fill(LINKS, 0, 2_000);
    List<String> seen = new ArrayList<>();
    KeyScanner slow = new KeyScanner(REDIS.connections(), 10, 500);
    try (Stream<String> keys = slow.scan(LINKS)) {
      Iterator<String> iterator = keys.iterator();
      take(iterator, 600, seen);
      fill(LINKS, 2_000, 40_000);
      take(iterator, 600, seen);
      slow.clear(Namespace.of("app", "v1", "none"));
      REDIS
          .template()
          .unlink(IntStream.range(2_000, 40_000).mapToObj(i -> LINKS.key("id" + i)).toList());
      iterator.forEachRemaining(seen::add);
    }

    assertThat(seen)
        .doesNotHaveDuplicates()
        .containsAll(IntStream.range(0, 2_000).mapToObj(i -> LINKS.key("id" + i)).toList());
  }

  @Test
  void idsMayHoldGlobCharactersAndHangul() {
    List<String> ids = List.of("*", "a?c", "[x]", "\\", "콘서트 2026", "a:b");
    ids.forEach(id -> REDIS.template().opsForValue().set(LINKS.key(id), "x"));

    assertThat(scan(LINKS).stream().map(LINKS::id)).containsExactlyInAnyOrderElementsOf(ids);
  }

  @Test
  void clearingANamespaceLeavesOthersAlone() {
    fill(LINKS, 0, 1_203);
    fill(LINKS.child("preview"), 0, 7);
    fill(Namespace.of("app", "v1", "linkage"), 0, 3);

    assertThat(scanner.clear(LINKS)).isEqualTo(1_210);

    assertThat(scan(LINKS)).isEmpty();
    assertThat(scan(Namespace.of("app"))).hasSize(3);
    assertThat(scanner.clear(LINKS)).isZero();
  }

  @Test
  void aWalkThatIsGivenUpGivesItsConnectionBack() {
    fill(LINKS, 0, 2_000);
    LettuceConnectionFactory dedicated = REDIS.newConnections();
    dedicated.setShareNativeConnection(false);
    RedisForTests.started(dedicated);
    KeyScanner own = new KeyScanner(dedicated);
    long before = clients();

    for (int i = 0; i < 20; i++) {
      try (Stream<String> keys = own.scan(LINKS)) {
        assertThat(keys.findFirst()).isPresent();
      }
      // A stream that was read to its end needs no close.
      assertThat(own.scan(LINKS).count()).isEqualTo(2_000);
    }

    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(clients()).isLessThanOrEqualTo(before));
    dedicated.destroy();
  }

  @Test
  void aClosedWalkEnds() {
    fill(LINKS, 0, 2_000);
    Stream<String> keys = scanner.scan(LINKS);
    Iterator<String> iterator = keys.iterator();
    iterator.next();

    keys.close();

    List<String> rest = new ArrayList<>();
    iterator.forEachRemaining(rest::add);
    // At most what the iterator had already taken.
    assertThat(rest).hasSizeLessThanOrEqualTo(1);
  }

  private List<String> scan(Namespace namespace) {
    try (Stream<String> keys = scanner.scan(namespace)) {
      return keys.toList();
    }
  }

  private static void fill(Namespace namespace, int from, int to) {
    Map<String, String> values = new HashMap<>();
    IntStream.range(from, to).forEach(i -> values.put(namespace.key("id" + i), "x"));
    REDIS.template().opsForValue().multiSet(values);
  }

  private static void take(Iterator<String> iterator, int count, List<String> seen) {
    for (int i = 0; i < count; i++) {
      seen.add(iterator.next());
    }
  }

  private static long clients() {
    var clients = REDIS.template().getClientList();
    return clients == null ? 0 : clients.size();
  }
}
