package dev.backline.redirector.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.backline.redirector.link.SharedLinks.Answer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class LinksTest {

  private static final LinkCode CODE = new LinkCode("abc");
  private static final Link OLD = new Link(CODE, "https://example.com/old", null, false, false);
  private static final Link NEW = new Link(CODE, "https://example.com/new", null, false, false);

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L);
  private final Store store = new Store();
  private final Shared shared = new Shared();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Links links =
      new Links(
          shared,
          store,
          new LinkCacheProperties(
              Duration.ofSeconds(10),
              Duration.ofHours(1),
              DataSize.ofMegabytes(1),
              1_000,
              Duration.ofMinutes(5),
              Duration.ofSeconds(30),
              Duration.ofSeconds(10),
              Duration.ofSeconds(1),
              Duration.ofSeconds(1)),
          nanos::get,
          meters);

  @Test
  void aFreshLinkIsAnsweredFromMemory() {
    store.put(OLD);

    for (int i = 0; i < 3; i++) {
      assertThat(links.find(CODE)).contains(OLD);
    }

    assertThat(store.reads).hasValue(1);
    assertThat(shared.reads).hasValue(1);
    assertThat(lookups("process")).isEqualTo(2);
  }

  @Test
  void afterTenSecondsTheSharedLevelIsAskedAndNotTheStore() {
    store.put(OLD);
    links.find(CODE);

    pass(Duration.ofSeconds(10));

    assertThat(links.find(CODE)).contains(OLD);
    assertThat(store.reads).hasValue(1);
    assertThat(shared.reads).hasValue(2);
  }

  @Test
  void manyAskersOfOneCodeCauseOneRead() throws Exception {
    store.put(OLD);
    store.block();
    List<CompletableFuture<Optional<Link>>> askers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      askers.add(ask());
    }
    await().until(() -> lookups("joined") == 49);

    store.unblock();

    for (CompletableFuture<Optional<Link>> asker : askers) {
      assertThat(asker.get()).contains(OLD);
    }
    assertThat(store.reads).hasValue(1);
  }

  @Test
  void aChangeIsSeenAtOnce() {
    store.put(OLD);
    links.find(CODE);

    store.put(NEW);
    links.changed(CODE);

    assertThat(links.find(CODE)).contains(NEW);
    assertThat(store.lastAfterChange).isTrue();
  }

  @Test
  void aCreatedLinkIsSeenAtOnceAlthoughItWasUnknownAMomentAgo() {
    assertThat(links.find(CODE)).isEmpty();

    store.put(NEW);
    links.changed(CODE);

    assertThat(links.find(CODE)).contains(NEW);
  }

  @Test
  void aReadThatBeganBeforeTheChangeIsRememberedNowhere() throws Exception {
    store.put(OLD);
    store.block();
    CompletableFuture<Optional<Link>> slow = ask();
    store.awaitBlocked();

    store.put(NEW);
    links.changed(CODE);
    CompletableFuture<Optional<Link>> afterwards = ask();
    await().until(() -> store.reads.get() == 2);
    store.unblock();

    assertThat(slow.get()).contains(OLD);
    assertThat(afterwards.get()).contains(NEW);
    assertThat(links.find(CODE)).contains(NEW);
    assertThat(shared.values).isEmpty();
  }

  @Test
  void aStaleLinkStandsInWhileTheStoreFails() {
    store.put(OLD);
    links.find(CODE);
    shared.failing = true;
    store.failing = true;

    pass(Duration.ofMinutes(59));
    assertThat(links.find(CODE)).contains(OLD);

    pass(Duration.ofMinutes(1));
    assertThatThrownBy(() -> links.find(CODE)).isInstanceOf(LinksUnavailableException.class);
  }

  @Test
  void aStoreThatWorksAgainReplacesTheStaleLink() {
    store.put(OLD);
    links.find(CODE);
    shared.failing = true;
    store.failing = true;
    pass(Duration.ofSeconds(10));
    assertThat(links.find(CODE)).contains(OLD);

    store.put(NEW);
    store.failing = false;
    pass(Duration.ofSeconds(1));

    await().until(() -> links.find(CODE).equals(Optional.of(NEW)));
  }

  @Test
  void aFailingStoreIsAskedOncePerSecondAndCode() {
    store.put(OLD);
    links.find(CODE);
    shared.failing = true;
    store.failing = true;
    pass(Duration.ofSeconds(10));

    for (int i = 0; i < 100; i++) {
      links.find(CODE);
    }

    assertThat(store.reads).hasValue(2);
  }

  @Test
  void aLinkThatWasTakenDownDoesNotComeBackAsStale() {
    store.put(OLD);
    links.find(CODE);
    store.failing = true;

    links.changed(CODE);

    assertThatThrownBy(() -> links.find(CODE)).isInstanceOf(LinksUnavailableException.class);
  }

  @Test
  void aSharedLevelThatFailsIsGoneWithout() {
    store.put(OLD);
    shared.failing = true;

    assertThat(links.find(CODE)).contains(OLD);
    assertThat(links.find(CODE)).contains(OLD);
    assertThat(store.reads).hasValue(1);
  }

  @Test
  void anUnknownCodeIsRememberedForTenSeconds() {
    assertThat(links.find(CODE)).isEmpty();
    assertThat(links.find(CODE)).isEmpty();
    assertThat(store.reads).hasValue(1);

    store.put(NEW);
    pass(Duration.ofSeconds(10));

    assertThat(links.find(CODE)).contains(NEW);
  }

  @Test
  void theSharedLevelLearnsOfAnUnknownCodeWhenItIsAskedForAgain() {
    links.find(CODE);
    assertThat(shared.values).isEmpty();

    pass(Duration.ofSeconds(10));
    links.find(CODE);

    assertThat(shared.values).containsEntry(CODE, Answer.Without.UNKNOWN);
  }

  @Test
  void guessedCodesPushOutNoLink() {
    store.put(OLD);
    links.find(CODE);

    for (int i = 0; i < 20_000; i++) {
      links.find(new LinkCode("guess" + i));
    }

    assertThat(links.find(CODE)).contains(OLD);
    assertThat(store.reads).hasValue(20_001);
    assertThat(shared.values).containsOnlyKeys(CODE);
  }

  @Test
  void memoryIsBoundedByBytes() {
    String path = "x".repeat(1_800);
    for (int i = 0; i < 5_000; i++) {
      LinkCode code = new LinkCode("c" + i);
      store.put(new Link(code, "https://example.com/" + path, null, false, false));
      links.find(code);
    }

    await().until(() -> meters.get("redirector.links.remembered").gauge().value() < 600);
  }

  private CompletableFuture<Optional<Link>> ask() {
    CompletableFuture<Optional<Link>> answer = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> answer.complete(links.find(CODE)));
    return answer;
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private double lookups(String source) {
    return meters.get("redirector.lookups").tag("source", source).counter().count();
  }

  private static final class Store implements LinkStore {

    final AtomicInteger reads = new AtomicInteger();
    volatile boolean failing;
    volatile boolean lastAfterChange;
    private final Map<LinkCode, Link> items = new ConcurrentHashMap<>();
    private final CountDownLatch blocked = new CountDownLatch(1);
    private volatile CountDownLatch gate = new CountDownLatch(0);

    void put(Link link) {
      items.put(link.code(), link);
    }

    void block() {
      gate = new CountDownLatch(1);
    }

    void awaitBlocked() throws InterruptedException {
      blocked.await();
    }

    void unblock() {
      gate.countDown();
    }

    @Override
    public Optional<Link> find(LinkCode code, boolean afterChange) {
      lastAfterChange = afterChange;
      Optional<Link> found = Optional.ofNullable(items.get(code));
      reads.incrementAndGet();
      blocked.countDown();
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      if (failing) {
        throw new LinksUnavailableException("switched off", null);
      }
      return found;
    }
  }

  private static final class Shared implements SharedLinks {

    final AtomicInteger reads = new AtomicInteger();
    final Map<LinkCode, Answer> values = new ConcurrentHashMap<>();
    private final Map<LinkCode, Boolean> guarded = new ConcurrentHashMap<>();
    volatile boolean failing;

    @Override
    public Answer find(LinkCode code) {
      reads.incrementAndGet();
      if (failing) {
        return Answer.Without.FAILED;
      }
      return guarded.containsKey(code)
          ? Answer.Without.GUARDED
          : values.getOrDefault(code, Answer.Without.MISS);
    }

    @Override
    public void remember(Link link) {
      if (!guarded.containsKey(link.code())) {
        values.putIfAbsent(link.code(), new Answer.Found(link));
      }
    }

    @Override
    public void rememberUnknown(LinkCode code) {
      if (!guarded.containsKey(code)) {
        values.putIfAbsent(code, Answer.Without.UNKNOWN);
      }
    }

    @Override
    public void guard(LinkCode code) {
      values.remove(code);
      guarded.put(code, true);
    }
  }
}
