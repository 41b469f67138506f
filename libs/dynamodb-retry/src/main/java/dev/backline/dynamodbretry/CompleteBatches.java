package dev.backline.dynamodbretry;

import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * Batches of any size that are completed. The SDK neither cuts a batch into the pieces that
 * DynamoDB takes nor retries what DynamoDB answers as unprocessed; this does both, with full
 * jitter, until everything is done or the time is over.
 */
public final class CompleteBatches {

  /** DynamoDB's own limits. */
  private static final int MAX_READS = 100;

  private static final int MAX_WRITES = 25;

  private final DynamoDbClient client;
  private final RetrySettings settings;
  private final RetryDeadline deadline;
  private final RetryListener listener;
  private final RandomGenerator random;
  private final Time time;

  public CompleteBatches(
      DynamoDbClient client,
      RetrySettings settings,
      RetryDeadline deadline,
      RetryListener listener) {
    this(client, settings, deadline, listener, Backoff.RANDOM, Time.SYSTEM);
  }

  CompleteBatches(
      DynamoDbClient client,
      RetrySettings settings,
      RetryDeadline deadline,
      RetryListener listener,
      RandomGenerator random,
      Time time) {
    this.client = client;
    this.settings = settings;
    this.deadline = deadline;
    this.listener = listener;
    this.random = random;
    this.time = time;
  }

  /**
   * Reads items, eventually consistent. A key given twice is read once.
   *
   * @return the items that exist, in the order of their keys
   * @throws IncompleteBatchException when not every key could be read in time
   */
  public List<Map<String, AttributeValue>> getAll(
      String table, Collection<Map<String, AttributeValue>> keys) {
    Map<Map<String, Object>, Map<String, AttributeValue>> wanted = new LinkedHashMap<>();
    keys.forEach(key -> wanted.putIfAbsent(comparable(key), key));
    Deque<Map<String, AttributeValue>> pending = new ArrayDeque<>(wanted.values());
    Map<Map<String, Object>, Map<String, AttributeValue>> found = new HashMap<>();
    complete(
        "BatchGetItem",
        pending,
        MAX_READS,
        (chunk, patience) -> readInto(found, table, chunk, patience),
        (left, cause) -> IncompleteBatchException.ofReads(table, left, cause));
    return wanted.keySet().stream().map(found::get).filter(Objects::nonNull).toList();
  }

  /**
   * Puts and deletes items. DynamoDB refuses a batch with two writes of one key, so give each key
   * once.
   *
   * @throws IncompleteBatchException when not everything could be written in time
   */
  public void writeAll(String table, Collection<WriteRequest> writes) {
    complete(
        "BatchWriteItem",
        new ArrayDeque<>(writes),
        MAX_WRITES,
        (chunk, patience) -> write(table, chunk, patience),
        (left, cause) -> IncompleteBatchException.ofWrites(table, left, cause));
  }

  /** Sends chunks; what a chunk left unprocessed comes first in the next one, after a wait. */
  private <T> void complete(
      String operation,
      Deque<T> pending,
      int chunkSize,
      BiFunction<List<T>, Patience, List<T>> send,
      BiFunction<List<T>, @Nullable RuntimeException, IncompleteBatchException> failure) {
    Patience patience =
        new Patience(
            settings.throttlingBackoff(), settings.operationTimeout(), deadline, random, time);
    while (!pending.isEmpty()) {
      List<T> chunk = take(pending, chunkSize);
      List<T> unprocessed = chunk;
      RuntimeException failed = null;
      try {
        unprocessed = send.apply(chunk, patience);
      } catch (SdkException | CancellationException e) {
        // The second is what may come of a call whose time is over while it waits for a connection.
        failed = e;
      }
      putBack(pending, unprocessed);
      if (unprocessed.isEmpty()) {
        patience.startAfresh();
      } else if (failed == null || isThrottle(failed)) {
        if (!patience.waitForRetry()) {
          throw failure.apply(List.copyOf(pending), failed);
        }
        listener.retried(operation, failed == null ? "unprocessed" : "throttling");
      } else {
        throw failure.apply(List.copyOf(pending), failed);
      }
    }
  }

  private List<Map<String, AttributeValue>> readInto(
      Map<Map<String, Object>, Map<String, AttributeValue>> found,
      String table,
      List<Map<String, AttributeValue>> chunk,
      Patience patience) {
    Set<String> keyNames = chunk.getFirst().keySet();
    var response =
        client.batchGetItem(
            request ->
                request
                    .requestItems(Map.of(table, KeysAndAttributes.builder().keys(chunk).build()))
                    .overrideConfiguration(BulkCall.within(settings, patience)));
    // One table was asked for, and an answer may name it differently (by its ARN): so no look-up by
    // name.
    response.responses().values().stream()
        .flatMap(List::stream)
        .forEach(item -> found.put(comparable(only(keyNames, item)), item));
    return response.unprocessedKeys().values().stream()
        .flatMap(keys -> keys.keys().stream())
        .toList();
  }

  private List<WriteRequest> write(String table, List<WriteRequest> chunk, Patience patience) {
    var response =
        client.batchWriteItem(
            request ->
                request
                    .requestItems(Map.of(table, chunk))
                    .overrideConfiguration(BulkCall.within(settings, patience)));
    return response.unprocessedItems().values().stream().flatMap(List::stream).toList();
  }

  private static boolean isThrottle(RuntimeException e) {
    return e instanceof AwsServiceException service && service.isThrottlingException();
  }

  private static <T> List<T> take(Deque<T> pending, int max) {
    List<T> chunk = new ArrayList<>(max);
    for (T next = pending.poll(); next != null; next = chunk.size() < max ? pending.poll() : null) {
      chunk.add(next);
    }
    return chunk;
  }

  private static <T> void putBack(Deque<T> pending, List<T> chunk) {
    chunk.reversed().forEach(pending::addFirst);
  }

  private static Map<String, AttributeValue> only(
      Set<String> names, Map<String, AttributeValue> item) {
    Map<String, AttributeValue> key = new HashMap<>(item);
    key.keySet().retainAll(names);
    return key;
  }

  /** DynamoDB answers the number key 1.0 as 1. */
  private static Map<String, Object> comparable(Map<String, AttributeValue> key) {
    Map<String, Object> comparable = new HashMap<>();
    key.forEach(
        (name, value) -> {
          @Nullable String number = value.n();
          comparable.put(
              name, number == null ? value : new BigDecimal(number).stripTrailingZeros());
        });
    return comparable;
  }
}
