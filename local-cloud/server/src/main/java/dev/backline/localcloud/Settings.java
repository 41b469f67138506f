package dev.backline.localcloud;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What can be chosen at the start. Each option is an argument ({@code --redis-port 16380}) or an
 * environment variable ({@code REDIS_PORT=16380}); the argument wins. Port 0 means any free port.
 *
 * @param cloudAddress where the AWS endpoint and the X-Ray receiver listen
 * @param cloudHosts names by which others than this machine reach the endpoint; queue URLs have the
 *     first of them
 * @param redisPort null = without Redis
 * @param postgresPort null = without PostgreSQL
 * @param data directory that keeps all data; null = in memory
 * @param template the data stack; null = no resources are created
 * @param parentPid the cloud ends when this process ends; 0 = never
 * @param endWithStdin the cloud ends when its standard input ends
 */
record Settings(
    int cloudPort,
    InetAddress cloudAddress,
    List<String> cloudHosts,
    @Nullable Integer redisPort,
    @Nullable Integer postgresPort,
    int xrayPort,
    @Nullable Path data,
    @Nullable Path template,
    Path keyFile,
    @Nullable Path stateFile,
    long parentPid,
    boolean endWithStdin) {

  static final String USAGE =
      """
      options (or environment variables of the same name, e.g. REDIS_PORT):
        --cloud-port 4566       AWS endpoint, /health, /traces
        --cloud-address ADDRESS where the endpoint and the X-Ray receiver listen (default: 127.0.0.1)
        --cloud-hosts NAMES     names of this machine for others, separated by commas (default: none)
        --redis-port 16379      Redis ("none" for no Redis)
        --postgres-port 15432   PostgreSQL ("none" for no PostgreSQL)
        --xray-port 2000        X-Ray receiver (UDP)
        --data DIR              keep data there (default: in memory)
        --template FILE         data stack (default: infra/templates/data.json here or above; "none" for no resources)
        --key-file FILE         signing key of the desk (default: .backline/signing-key.json beside infra/)
        --state-file FILE       written when ready: ports and addresses as JSON
        --parent-pid PID        end when this process ends
        --end-with-stdin        end when standard input ends
      """;

  private static final String TEMPLATE = "infra/templates/data.json";

  static Settings of(String[] arguments, Map<String, String> environment) {
    var options = new Options(arguments, environment);
    var root = rootWithTemplate(Path.of("").toAbsolutePath());
    var template =
        options.text("template", root == null ? "none" : root.resolve(TEMPLATE).toString());
    var keyFile = options.optional("key-file");
    var settings =
        new Settings(
            options.port("cloud-port", 4566),
            options.address("cloud-address"),
            options.names("cloud-hosts"),
            options.portOrNone("redis-port", 16379),
            options.portOrNone("postgres-port", 15432),
            options.port("xray-port", 2000),
            options.path("data"),
            template.equals("none") ? null : Path.of(template),
            keyFile == null
                ? (root == null ? Path.of("").toAbsolutePath() : root)
                    .resolve(".backline/signing-key.json")
                : Path.of(keyFile),
            options.path("state-file"),
            options.number("parent-pid", 0, Long.MAX_VALUE, 0),
            options.flag("end-with-stdin"));
    options.refuseUnknown();
    return settings;
  }

  private static @Nullable Path rootWithTemplate(Path start) {
    for (Path directory = start; directory != null; directory = directory.getParent()) {
      if (Files.isRegularFile(directory.resolve(TEMPLATE))) {
        return directory;
      }
    }
    return null;
  }

  private static final class Options {
    private final Map<String, String> given = new TreeMap<>();
    private final Map<String, String> environment;

    Options(String[] arguments, Map<String, String> environment) {
      this.environment = new HashMap<>(environment);
      for (int i = 0; i < arguments.length; i++) {
        var argument = arguments[i];
        if (!argument.startsWith("--")) {
          throw new StartupException("Not an option: " + argument + "\n" + USAGE);
        }
        var parts = argument.substring(2).split("=", 2);
        if (parts.length == 2) {
          given.put(parts[0], parts[1]);
        } else if (i + 1 < arguments.length && !arguments[i + 1].startsWith("--")) {
          given.put(parts[0], arguments[++i]);
        } else {
          given.put(parts[0], "true");
        }
      }
    }

    @Nullable String optional(String name) {
      var value = peek(name);
      given.remove(name);
      return value;
    }

    private @Nullable String peek(String name) {
      var argument = given.get(name);
      var value =
          argument == null
              ? environment.get(name.replace('-', '_').toUpperCase(Locale.ROOT))
              : argument;
      return value == null || value.isBlank() ? null : value;
    }

    String text(String name, String otherwise) {
      var value = optional(name);
      return value == null ? otherwise : value;
    }

    @Nullable Path path(String name) {
      var value = optional(name);
      return value == null ? null : Path.of(value).toAbsolutePath();
    }

    int port(String name, int otherwise) {
      return (int) number(name, 0, 65_535, otherwise);
    }

    @Nullable Integer portOrNone(String name, int otherwise) {
      if ("none".equals(peek(name))) {
        given.remove(name);
        return null;
      }
      return port(name, otherwise);
    }

    InetAddress address(String name) {
      var value = text(name, "127.0.0.1");
      try {
        return InetAddress.ofLiteral(value);
      } catch (IllegalArgumentException e) {
        throw new StartupException(
            "--" + name + " must be an address such as 127.0.0.1 or 0.0.0.0, not " + value);
      }
    }

    List<String> names(String name) {
      return Arrays.stream(text(name, "").toLowerCase(Locale.ROOT).split(",", -1))
          .map(String::strip)
          .filter(each -> !each.isEmpty())
          .toList();
    }

    long number(String name, long min, long max, long otherwise) {
      var value = optional(name);
      if (value == null) {
        return otherwise;
      }
      try {
        var number = Long.parseLong(value);
        if (number >= min && number <= max) {
          return number;
        }
      } catch (NumberFormatException e) {
        // answered below
      }
      throw new StartupException(
          "--" + name + " must be a number from " + min + " to " + max + ", not " + value);
    }

    boolean flag(String name) {
      return "true".equals(optional(name));
    }

    void refuseUnknown() {
      if (!given.isEmpty()) {
        throw new StartupException(
            "Unknown option --" + given.keySet().iterator().next() + "\n" + USAGE);
      }
    }
  }
}
