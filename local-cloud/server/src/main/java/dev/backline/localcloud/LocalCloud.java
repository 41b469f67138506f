package dev.backline.localcloud;

import dev.backline.datastack.DataStack;
import dev.backline.datastack.InvalidTemplateException;
import dev.backline.gracefulshutdown.StopSignals;
import dev.backline.localcloud.process.Postgres;
import dev.backline.localcloud.process.Redis;
import dev.backline.localcloud.process.Server;
import dev.backline.localcloud.sns.SnsShim;
import dev.backline.localcloud.traces.SegmentReceiver;
import dev.backline.localcloud.traces.Traces;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Starts AWS, Redis and PostgreSQL and runs until it is told to end. */
public final class LocalCloud implements AutoCloseable {

  static final String REGION = "ap-northeast-2";
  static final String ACCOUNT = "000000000000";

  private static final Logger log = LoggerFactory.getLogger(LocalCloud.class);

  private final Settings settings;
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private boolean closed;

  private LocalCloud(Settings settings) {
    this.settings = settings;
  }

  public static void main(String[] arguments) throws InterruptedException {
    try {
      var settings = Settings.of(arguments, System.getenv());
      if (settings.parentPid() != 0) {
        ParentWatch.endWith(settings.parentPid());
      }
      if (settings.endWithStdin()) {
        ParentWatch.endWithStdin();
      }
      var cloud = new LocalCloud(settings);
      Runtime.getRuntime().addShutdownHook(new Thread(cloud::close, "stop"));
      // Being stopped is no failure: the JVM's own exit code would be 143.
      StopSignals.listen(signal -> System.exit(0));
      cloud.start();
    } catch (StartupException | InvalidTemplateException e) {
      System.err.println("local-cloud: " + e.getMessage());
      System.exit(1);
    } catch (RuntimeException e) {
      log.error("The local cloud cannot start", e);
      System.exit(1);
    }
    new CountDownLatch(1).await();
  }

  private void start() throws InterruptedException {
    var begin = System.nanoTime();
    var chosen = Ports.choose(settings);
    var data = settings.data();
    if (data != null) {
      own(lock(data));
    }
    var work = own(WorkDirectory.create());
    var http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    var front =
        own(Front.start(settings.cloudAddress(), chosen.cloud(), settings.cloudHosts(), http));
    var traces = new Traces();
    var s3 = own(S3.in(in(data, "s3")));
    Ports ports;
    try (var parts = Executors.newVirtualThreadPerTaskExecutor()) {
      var postgres = begin(parts, () -> postgres(chosen.postgres(), work, in(data, "postgres")));
      var redis = begin(parts, () -> redis(chosen.redis(), work, in(data, "redis")));
      var dynamoDb = begin(parts, () -> own(DynamoDb.start(in(data, "dynamodb"))));
      var sqs = begin(parts, () -> own(Sqs.start(host(), front.port(), http, in(data, "sqs"))));
      var keys = begin(parts, () -> DeskKey.publicKeys(settings.keyFile()));
      var xray =
          begin(
              parts,
              () -> own(SegmentReceiver.start(settings.cloudAddress(), chosen.xray(), traces)));
      front.serve(
          new Services(
              result(dynamoDb).handler(),
              result(sqs),
              new SnsShim(REGION, ACCOUNT, result(sqs)),
              s3,
              result(redis),
              result(postgres),
              traces,
              result(keys)));
      // Owned twice, to be closed first: no request meets a server that is stopping.
      own(front);
      ports = new Ports(front.port(), chosen.redis(), chosen.postgres(), result(xray).port());
    }
    createResources(front.port(), s3);
    front.ready();
    publish(State.of(ports));
    log.info(
        "ready after {} ms: AWS http://127.0.0.1:{}, Redis {}, PostgreSQL {}, X-Ray {}/udp, data {}",
        (System.nanoTime() - begin) / 1_000_000,
        ports.cloud(),
        Objects.requireNonNullElse(ports.redis(), "none"),
        Objects.requireNonNullElse(ports.postgres(), "none"),
        ports.xray(),
        data == null ? "in memory" : data);
  }

  private @Nullable Server postgres(
      @Nullable Integer port, WorkDirectory work, @Nullable Path data) {
    return port == null ? null : own(Postgres.start(port, work.path(), data));
  }

  private @Nullable Server redis(@Nullable Integer port, WorkDirectory work, @Nullable Path data) {
    return port == null ? null : own(Redis.start(port, work.path(), data));
  }

  /** By which others reach the endpoint. */
  private String host() {
    return settings.cloudHosts().isEmpty() ? "127.0.0.1" : settings.cloudHosts().getFirst();
  }

  private static FileChannel lock(Path data) {
    try {
      Files.createDirectories(data);
      WorkDirectory.requireSpace(data, "DATA chooses the directory");
      var lock = WorkDirectory.tryLock(data);
      if (lock == null) {
        throw new StartupException("Another local cloud is using the data in " + data);
      }
      return lock;
    } catch (IOException e) {
      throw new StartupException("The data directory " + data + " cannot be used: " + e, e);
    }
  }

  private static @Nullable Path in(@Nullable Path data, String name) {
    return data == null ? null : data.resolve(name);
  }

  private static <T> Future<T> begin(ExecutorService parts, Callable<T> part) {
    return parts.submit(part);
  }

  private static <T> T result(Future<T> part) throws InterruptedException {
    try {
      return part.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StartupException known) {
        throw known;
      }
      throw new StartupException("A part of the cloud cannot start: " + e.getCause(), e);
    }
  }

  private void createResources(int port, S3 s3) {
    var template = settings.template();
    if (template == null) {
      return;
    }
    var stack = DataStack.read(template);
    s3.createBuckets(stack.bucketNames());
    try (var dynamoDb = client(DynamoDbClient.builder(), port);
        var sqs = client(SqsClient.builder(), port);
        var sns = client(SnsClient.builder(), port)) {
      stack.create(dynamoDb, sqs, sns);
    }
  }

  private static <B extends AwsClientBuilder<B, C>, C> C client(B builder, int port) {
    return builder
        .endpointOverride(URI.create("http://127.0.0.1:" + port))
        .region(Region.of(REGION))
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
        .build();
  }

  private void publish(State state) {
    var file = settings.stateFile();
    if (file == null) {
      return;
    }
    try {
      state.writeTo(file);
      own(() -> Files.deleteIfExists(file));
    } catch (IOException e) {
      throw new StartupException("The state file " + file + " cannot be written: " + e, e);
    }
  }

  /**
   * What has started is stopped at the end, in reverse order; also what starts while the end has
   * begun.
   */
  private <T extends AutoCloseable> T own(T part) {
    synchronized (started) {
      if (!closed) {
        started.push(part);
        return part;
      }
    }
    close(part);
    throw new StartupException("stopped while starting");
  }

  @Override
  public void close() {
    synchronized (started) {
      closed = true;
    }
    while (true) {
      AutoCloseable part;
      synchronized (started) {
        part = started.poll();
      }
      if (part == null) {
        return;
      }
      close(part);
    }
  }

  private static void close(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      log.warn("{} did not stop cleanly: {}", part.getClass().getSimpleName(), e.toString());
    }
  }
}
