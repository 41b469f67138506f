package dev.backline.desk;

import dev.backline.desk.process.Part;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The parts of the suite: how each is started, and which of its ports somebody else may have. */
public final class Suite {

  static final String REGION = "ap-northeast-2";
  static final String ACCOUNT = "000000000000";

  /** As in {@code edge-lambdas/local-edge/desk.json}. */
  private static final String WEB_DISTRIBUTION = "EDESKWEB";

  private final Settings settings;
  private final Path java;
  private final Apps apps;
  private final ClassArchives archives;

  public Suite(Settings settings, Path java, Apps apps, ClassArchives archives) {
    this.settings = settings;
    this.java = java;
    this.apps = apps;
    this.archives = archives;
  }

  /** The cloud first, then the services, which do not need one another. */
  List<List<Part>> stages() throws IOException {
    var services = new ArrayList<Part>();
    for (String name : settings.services()) {
      services.add(name.equals(Settings.EDGE) ? edge() : service(name));
    }
    return services.isEmpty() ? List.of(List.of(cloud())) : List.of(List.of(cloud()), services);
  }

  List<Port> ports() {
    var ports = new ArrayList<>(List.of(Port.CLOUD, Port.REDIS, Port.POSTGRES, Port.XRAY));
    for (String name : settings.services()) {
      switch (name) {
        case "be-api" -> ports.addAll(List.of(Port.API, Port.API_MANAGEMENT));
        case "redirector" -> ports.addAll(List.of(Port.REDIRECTOR, Port.REDIRECTOR_MANAGEMENT));
        case Settings.EDGE -> ports.add(Port.EDGE);
        default -> ports.add(Port.WORKER);
      }
    }
    return ports;
  }

  /** A person's own AWS account must not be reachable from here, whatever their shell has set. */
  public static Map<String, String> inherited(Map<String, String> environment) {
    var inherited = new TreeMap<>(environment);
    inherited
        .keySet()
        .removeIf(
            name -> name.startsWith("AWS_") || name.equals("MAKEFLAGS") || name.equals("MFLAGS"));
    return inherited;
  }

  /** AWS, Redis and PostgreSQL. */
  public Part cloud() throws IOException {
    List<Path> classPath = apps.cloudClassPath();
    var jvm = List.of(java.toString(), "@" + apps.cloudOptions(), "-XX:TieredStopAtLevel=1");
    var program =
        List.of(
            "-cp",
            classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)),
            "dev.backline.localcloud.LocalCloud");

    Path started = archives.note("local-cloud");
    Files.deleteIfExists(started);
    var anyPorts =
        List.of(
            "--cloud-port=0",
            "--redis-port=0",
            "--postgres-port=0",
            "--xray-port=0",
            "--state-file=" + started);
    var training =
        new ClassArchives.Training(
            "local-cloud",
            joined(List.of(jvm, program, anyPorts)),
            Map.of(),
            () -> Files.exists(started));

    var options =
        new ArrayList<>(
            List.of(
                "--cloud-port=" + settings.port(Port.CLOUD),
                "--redis-port=" + settings.port(Port.REDIS),
                "--postgres-port=" + settings.port(Port.POSTGRES),
                "--xray-port=" + settings.port(Port.XRAY)));
    settings.data().ifPresent(directory -> options.add("--data=" + directory));
    var archive = archives.options("local-cloud", classPath, training);
    return new Part(
        "local-cloud",
        joined(List.of(jvm, archive, program, options)),
        Map.of(),
        URI.create(settings.url(Port.CLOUD) + "/health"),
        false);
  }

  /** One of {@link Settings#SERVICES}. */
  public Part service(String name) throws IOException {
    Path jar = apps.service(name);
    // It has to start fast beside two others, not to become fast later: the quick compiler only,
    // the small collector.
    var jvm =
        List.of(
            java.toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED");
    var program = List.of("-jar", jar.toString());
    Port port =
        switch (name) {
          case "be-api" -> Port.API;
          case "redirector" -> Port.REDIRECTOR;
          default -> Port.WORKER;
        };
    Map<String, String> environment = environment(port);
    var training =
        new ClassArchives.Training(
            name,
            joined(List.of(jvm, List.of("-Dspring.context.exit=onRefresh"), program)),
            environment,
            () -> false);
    return new Part(
        name,
        joined(List.of(jvm, archives.options(name, List.of(jar), training), program)),
        environment,
        URI.create(settings.url(port) + "/readyz"),
        true);
  }

  /** CloudFront, with the functions that were built. */
  private Part edge() {
    var environment = new TreeMap<>(aws());
    for (Port port : Port.values()) {
      environment.put(port.variable(), String.valueOf(settings.port(port)));
    }
    return new Part(
        Settings.EDGE,
        List.of(
            "node",
            "edge-lambdas/local-edge/src/main.ts",
            "--distributions",
            "edge-lambdas/distributions.json",
            "--environment",
            "edge-lambdas/local-edge/desk.json",
            "--port",
            String.valueOf(settings.port(Port.EDGE)),
            "--access-log",
            Run.DIRECTORY.resolve("access.log").toString()),
        environment,
        URI.create(settings.url(Port.EDGE) + "/__edge/health"),
        true);
  }

  private static List<String> joined(List<List<String>> parts) {
    return parts.stream().flatMap(List::stream).toList();
  }

  private Map<String, String> environment(Port port) {
    var environment = new TreeMap<>(aws());
    environment.put("AWS_XRAY_DAEMON_ADDRESS", "127.0.0.1:" + settings.port(Port.XRAY));
    environment.put("BACKLINE_TRACING_SAMPLING_RATE", "1");
    environment.put("SERVER_PORT", String.valueOf(settings.port(port)));
    switch (port) {
      case API -> {
        postgres(environment);
        redis(environment);
        environment.put(
            "MANAGEMENT_SERVER_PORT", String.valueOf(settings.port(Port.API_MANAGEMENT)));
        environment.put("BACKLINE_SHORT_LINKS_BASE_URL", settings.shortLinks());
        environment.put(
            "BACKLINE_RESOURCES_CAMPAIGN_EVENTS_TOPIC_ARN",
            "arn:aws:sns:%s:%s:campaign-events".formatted(REGION, ACCOUNT));
        environment.put(
            "SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_JWK_SET_URI",
            settings.url(Port.CLOUD) + "/.well-known/jwks.json");
      }
      case REDIRECTOR -> {
        redis(environment);
        environment.put(
            "MANAGEMENT_SERVER_PORT", String.valueOf(settings.port(Port.REDIRECTOR_MANAGEMENT)));
        environment.put("BACKLINE_SHORT_LINKS_BASE_URL", settings.shortLinks());
      }
      default -> {
        if (settings.services().contains(Settings.EDGE)) {
          environment.put("AWS_ENDPOINT_URL_CLOUDFRONT", settings.url(Port.EDGE));
          environment.put("BACKLINE_EDGE_INVALIDATION_ENABLED", "true");
          environment.put("BACKLINE_EDGE_INVALIDATION_DISTRIBUTION_ID", WEB_DISTRIBUTION);
        }
      }
    }
    return environment;
  }

  private Map<String, String> aws() {
    return Map.of(
        "AWS_ENDPOINT_URL",
        settings.url(Port.CLOUD),
        "AWS_REGION",
        REGION,
        "AWS_ACCESS_KEY_ID",
        "test",
        "AWS_SECRET_ACCESS_KEY",
        "test");
  }

  private void redis(Map<String, String> environment) {
    environment.put("SPRING_DATA_REDIS_HOST", "127.0.0.1");
    environment.put("SPRING_DATA_REDIS_PORT", String.valueOf(settings.port(Port.REDIS)));
  }

  private void postgres(Map<String, String> environment) {
    environment.put(
        "SPRING_DATASOURCE_URL",
        "jdbc:postgresql://127.0.0.1:%d/backline".formatted(settings.port(Port.POSTGRES)));
    environment.put("SPRING_DATASOURCE_USERNAME", "backline");
    environment.put("SPRING_DATASOURCE_PASSWORD", "backline");
  }
}
