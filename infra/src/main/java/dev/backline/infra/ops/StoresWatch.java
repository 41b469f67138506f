package dev.backline.infra.ops;

import dev.backline.infra.EnvConfig;
import dev.backline.infra.alarms.Alarms;
import dev.backline.infra.alarms.Runbook;
import dev.backline.infra.alarms.When;
import dev.backline.infra.data.DataStack;
import dev.backline.infra.database.DatabaseStack;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.dynamodb.ITableV2;
import software.amazon.awscdk.services.sqs.IQueue;

/** Whether queues are emptied, and the stores have room. */
final class StoresWatch {

  /**
   * Retries of a message take 15 s, 1, 4 and 15 minutes (event-worker): one of them is no backlog.
   */
  private static final double MAX_AGE_SECONDS = 300;

  private static final double MAX_PERCENT = 80;
  private static final double MAX_LAG_MILLIS = 1_000;

  /** Below it OpenSearch soon refuses to write. */
  private static final double MIN_FREE_SHARE = 0.2;

  private static final double MIB_PER_GIGABYTE = 1_000_000_000 / 1_048_576.0;

  private final EnvConfig env;
  private final DataStack data;
  private final DatabaseStack database;

  StoresWatch(EnvConfig env, DataStack data, DatabaseStack database) {
    this.env = env;
    this.data = data;
    this.database = database;
  }

  void raise(Alarms alarms) {
    deadLetterQueues()
        .forEach(
            (name, queue) ->
                alarms.raise(
                    name,
                    Runbook.DEAD_LETTERS,
                    "Messages were put aside in %s.".formatted(name),
                    When.above(0, 1, waiting(queue))));
    queues()
        .forEach(
            (name, queue) ->
                alarms.raise(
                    name + "-backlog",
                    Runbook.QUEUE_BACKLOG,
                    "A message waits in %s for more than five minutes.".formatted(name),
                    When.above(MAX_AGE_SECONDS, 2, age(queue))));
    tables()
        .forEach(
            (name, table) ->
                alarms.raise(
                    name + "-throttled",
                    Runbook.DYNAMODB_THROTTLED,
                    "DynamoDB turns requests to %s away.".formatted(name),
                    When.above(10, 2, throttled(name, table))));
    alarms.raise(
        "database-load",
        Runbook.DATABASE_LOAD,
        "Aurora uses most of what it may.",
        When.above(MAX_PERCENT, 3, auroraUse()));
    alarms.raise(
        "database-lag",
        Runbook.DATABASE_LOAD,
        "Aurora's reader is behind its writer.",
        When.above(MAX_LAG_MILLIS, 3, aurora("AuroraReplicaLagMaximum", "Maximum")));
    alarms.raise(
        "cache-memory",
        Runbook.CACHE_PRESSURE,
        "The cache is nearly full; then it forgets what is still asked for.",
        When.above(MAX_PERCENT, 3, cacheMemory()));
    alarms.raise(
        "cache-cpu",
        Runbook.CACHE_PRESSURE,
        "The cache's one thread has hardly any time left.",
        When.above(MAX_PERCENT, 3, cache("EngineCPUUtilization")));
    alarms.raise(
        "search-red",
        Runbook.SEARCH_CLUSTER,
        "OpenSearch has lost a primary shard.",
        When.above(0, 1, search("ClusterStatus.red", "Maximum")));
    alarms.raise(
        "search-disk",
        Runbook.SEARCH_CLUSTER,
        "OpenSearch's disk is nearly full; then it refuses to write.",
        When.below(env.search().gigabytes() * MIB_PER_GIGABYTE * MIN_FREE_SHARE, 2, searchDisk()));
    alarms.raise(
        "search-writes-rejected",
        Runbook.SEARCH_CLUSTER,
        "OpenSearch's write queue is full.",
        When.above(0, 2, searchRejections()));
  }

  Map<String, IQueue> queues() {
    var queues = new LinkedHashMap<String, IQueue>();
    queues.put("clicks", data.clicks());
    queues.put("campaign-changes", data.campaignChanges());
    return queues;
  }

  Map<String, IQueue> deadLetterQueues() {
    var queues = new LinkedHashMap<String, IQueue>();
    queues.put("clicks-dlq", data.clicksDlq());
    queues.put("campaign-changes-dlq", data.campaignChangesDlq());
    return queues;
  }

  Map<String, ITableV2> tables() {
    var tables = new LinkedHashMap<String, ITableV2>();
    tables.put("links", data.linksTable());
    tables.put("link-stats", data.linkStatsTable());
    tables.put("campaign-previews", data.campaignPreviewsTable());
    return tables;
  }

  static Metric waiting(IQueue queue) {
    return sqs("ApproximateNumberOfMessagesVisible", queue);
  }

  static Metric age(IQueue queue) {
    return sqs("ApproximateAgeOfOldestMessage", queue);
  }

  static IMetric throttled(String name, ITableV2 table) {
    return Metrics.sum(
        name,
        Stream.of("ReadThrottleEvents", "WriteThrottleEvents")
            .map(
                metric ->
                    Metrics.of("AWS/DynamoDB", metric, "Sum", "TableName", table.getTableName()))
            .toList());
  }

  IMetric auroraUse() {
    return aurora("ACUUtilization", "Average");
  }

  IMetric cacheMemory() {
    return cache("DatabaseMemoryUsagePercentage");
  }

  IMetric searchDisk() {
    return search("FreeStorageSpace", "Minimum");
  }

  IMetric searchRejections() {
    return search("ThreadpoolWriteRejected", "Sum");
  }

  private Metric aurora(String name, String statistic) {
    return Metrics.of(
        "AWS/RDS",
        name,
        statistic,
        "DBClusterIdentifier",
        database.aurora().getClusterIdentifier());
  }

  /** Of the node that has it worst. */
  private IMetric cache(String name) {
    return Metrics.max(
        name,
        IntStream.rangeClosed(1, env.cache().replicas() + 1)
            .mapToObj("%03d"::formatted)
            .map(
                node ->
                    Metrics.of(
                        "AWS/ElastiCache",
                        name,
                        "Maximum",
                        "CacheClusterId",
                        database.cacheReplicationGroupId() + "-" + node))
            .toList());
  }

  private Metric search(String name, String statistic) {
    return Metrics.of(
        "AWS/ES",
        name,
        statistic,
        "DomainName",
        database.searchDomain().getDomainName(),
        "ClientId",
        env.account());
  }

  private static Metric sqs(String name, IQueue queue) {
    return Metrics.of("AWS/SQS", name, "Maximum", "QueueName", queue.getQueueName());
  }
}
