package dev.backline.localcloud.junit;

import dev.backline.datastack.CreatedResources;
import dev.backline.datastack.DataStack;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The cloud as one test class sees it: its own tables, queues, topics, buckets and databases, found
 * by their usual names.
 */
public final class Cloud {

  private final Connection connection;
  private final String prefix;
  private final DynamoDbClient dynamoDb;
  private final SqsClient sqs;
  private final SnsClient sns;
  private final DataStack stack;
  private final CreatedResources resources;
  private final URI redis;
  private @Nullable String jdbcUrl;
  private @Nullable S3Client s3;

  private Cloud(Connection connection, String prefix) {
    this.connection = connection;
    this.prefix = prefix;
    this.dynamoDb = client(DynamoDbClient.builder());
    this.sqs = client(SqsClient.builder());
    this.sns = client(SnsClient.builder());
    this.stack = DataStack.read(Repository.template()).withPrefix(prefix);
    this.resources = stack.create(dynamoDb, sqs, sns);
    this.redis = RedisDatabases.next(connection.redis());
  }

  static Cloud isolated(Connection connection) {
    return new Cloud(connection, "t" + UUID.randomUUID().toString().substring(0, 8) + "-");
  }

  private <B extends AwsClientBuilder<B, C>, C> C client(B builder) {
    return builder
        .endpointOverride(endpoint())
        .region(Region.of(region()))
        .credentialsProvider(credentials())
        .build();
  }

  private AwsCredentialsProvider credentials() {
    return StaticCredentialsProvider.create(
        AwsBasicCredentials.create(connection.aws().accessKey(), connection.aws().secretKey()));
  }

  /** {@code embedded}, {@code localstack}, {@code floci}, or {@code external} if none of these. */
  String emulator() {
    return connection.emulator();
  }

  /** The AWS endpoint. */
  public URI endpoint() {
    return connection.aws().endpoint();
  }

  public String region() {
    return connection.aws().region();
  }

  /** The name of this class's table, for example for {@code links}. */
  public String table(String name) {
    return known("table", name, resources.tables());
  }

  /** The name of this class's queue, for example for {@code clicks}. */
  public String queue(String name) {
    known("queue", name, resources.queueUrls());
    return prefix + name;
  }

  public String queueUrl(String name) {
    return known("queue", name, resources.queueUrls());
  }

  public String topicArn(String name) {
    return known("topic", name, resources.topicArns());
  }

  /** The name of this class's bucket, for example for {@code images}. */
  public String bucket(String name) {
    s3();
    if (!stack.bucketNames().contains(name)) {
      throw new IllegalArgumentException(
          "The template has no bucket " + name + ", only " + stack.bucketNames());
    }
    return prefix + name;
  }

  private static String known(String kind, String name, Map<String, String> all) {
    var found = all.get(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "The template has no " + kind + " " + name + ", only " + all.keySet());
    }
    return found;
  }

  /** Redis with the number of this class's database as path. */
  public URI redisUri() {
    return redis;
  }

  /** This class's own, empty PostgreSQL database, made when it is first asked for. */
  public synchronized String jdbcUrl() {
    if (jdbcUrl == null) {
      jdbcUrl = Databases.create(connection.postgres(), prefix.replace("-", ""));
    }
    return jdbcUrl;
  }

  public String jdbcUser() {
    return connection.postgres().user();
  }

  public String jdbcPassword() {
    return connection.postgres().password();
  }

  /** Host and port that take X-Ray segments over UDP. */
  public String xrayDaemonAddress() {
    return connection.xrayDaemonAddress();
  }

  /** Where the traces of these segments are listed; below it by trace id. */
  public URI traces() {
    return connection.traces();
  }

  public DynamoDbClient dynamoDb() {
    return dynamoDb;
  }

  public SqsClient sqs() {
    return sqs;
  }

  public SnsClient sns() {
    return sns;
  }

  /** The buckets are created when it is first asked for. */
  public synchronized S3Client s3() {
    if (s3 == null) {
      s3 = client(S3Client.builder().forcePathStyle(true));
      stack.createBuckets(s3);
    }
    return s3;
  }

  /** What connects a Spring Boot service to this cloud. */
  public Map<String, String> springProperties() {
    var properties = new LinkedHashMap<String, String>();
    properties.put("spring.cloud.aws.endpoint", endpoint().toString());
    properties.put("spring.cloud.aws.region.static", region());
    properties.put("spring.cloud.aws.credentials.access-key", connection.aws().accessKey());
    properties.put("spring.cloud.aws.credentials.secret-key", connection.aws().secretKey());
    resources
        .tables()
        .forEach((name, table) -> properties.put("backline.resources." + name + "-table", table));
    resources
        .queueUrls()
        .keySet()
        .forEach(name -> properties.put(queueProperty(name), prefix + name));
    resources
        .topicArns()
        .forEach((name, arn) -> properties.put("backline.resources." + name + "-topic-arn", arn));
    properties.put("spring.data.redis.host", redis.getHost());
    properties.put("spring.data.redis.port", String.valueOf(redis.getPort()));
    properties.put("spring.data.redis.database", redis.getPath().substring(1));
    if (Databases.driverIsThere()) {
      properties.put("spring.datasource.url", jdbcUrl());
      properties.put("spring.datasource.username", jdbcUser());
      properties.put("spring.datasource.password", jdbcPassword());
    }
    properties.put("backline.tracing.daemon-address", xrayDaemonAddress());
    properties.put("AWS_XRAY_DAEMON_ADDRESS", xrayDaemonAddress());
    // The JVM ends with the contexts that Spring keeps; no balancer watches them.
    properties.put("backline.shutdown.lame-duck", "0s");
    // A build machine has days on which an answer takes seconds, and its JVMs are cold.
    properties.put("backline.health.timeout", "10s");
    properties.put("backline.dynamodb.retry.attempt-timeout", "10s");
    properties.put("backline.dynamodb.retry.bulk-attempt-timeout", "10s");
    properties.put("backline.dynamodb.retry.call-timeout", "15s");
    properties.put("spring.data.redis.timeout", "5s");
    properties.put("spring.data.redis.connect-timeout", "5s");
    return properties;
  }

  private static String queueProperty(String name) {
    var isDeadLetterQueue = name.endsWith("-dlq");
    var base = isDeadLetterQueue ? name.substring(0, name.length() - "-dlq".length()) : name;
    return "backline.resources." + base + (isDeadLetterQueue ? "-dead-letter-queue" : "-queue");
  }
}
