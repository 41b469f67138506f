package dev.backline.localcloud;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Who holds a port, as far as Linux shows it to this user. */
final class PortOwner {

  private static final Path PROC = Path.of("/proc");
  private static final String TCP_LISTEN = "0A";

  private PortOwner() {}

  /** For example " (by redis-server, pid 812)"; empty where it cannot be seen. */
  static String ofTcp(int port) {
    return describe(inodes(port, List.of("net/tcp", "net/tcp6"), Set.of(TCP_LISTEN)));
  }

  static String ofUdp(int port) {
    return describe(inodes(port, List.of("net/udp", "net/udp6"), Set.of()));
  }

  private static Set<String> inodes(int port, List<String> tables, Set<String> states) {
    var inodes = new HashSet<String>();
    var suffix = ":" + String.format(Locale.ROOT, "%04X", port);
    for (var table : tables) {
      try {
        for (var line : Files.readAllLines(PROC.resolve(table))) {
          var fields = line.trim().split("\\s+", -1);
          if (fields.length > 9
              && fields[1].endsWith(suffix)
              && (states.isEmpty() || states.contains(fields[3]))) {
            inodes.add("socket:[" + fields[9] + "]");
          }
        }
      } catch (IOException e) {
        return Set.of();
      }
    }
    return inodes;
  }

  private static String describe(Set<String> sockets) {
    if (sockets.isEmpty()) {
      return "";
    }
    return ProcessHandle.allProcesses()
        .filter(process -> holds(process.pid(), sockets))
        .map(process -> command(process.pid()) + ", pid " + process.pid())
        .limit(1)
        .map(owner -> " (by " + owner + ")")
        .collect(Collectors.joining());
  }

  private static boolean holds(long pid, Set<String> sockets) {
    try (var descriptors = Files.newDirectoryStream(PROC.resolve(pid + "/fd"))) {
      for (var descriptor : descriptors) {
        if (sockets.contains(Files.readSymbolicLink(descriptor).toString())) {
          return true;
        }
      }
    } catch (IOException | RuntimeException e) {
      // Ended meanwhile, or another user's.
      return false;
    }
    return false;
  }

  private static String command(long pid) {
    try {
      var arguments = Files.readString(PROC.resolve(pid + "/cmdline")).split("\0", -1);
      var program = Path.of(arguments[0]).getFileName() + "";
      // For java, the class or jar says more than the program.
      return program.equals("java")
          ? "java " + arguments[arguments.length > 1 ? mainClass(arguments) : 0]
          : program;
    } catch (IOException | RuntimeException e) {
      return "another process";
    }
  }

  private static int mainClass(String[] arguments) {
    int i = 1;
    while (i < arguments.length - 1
        && (arguments[i].startsWith("-") || arguments[i].startsWith("@"))) {
      var hasValue =
          Set.of("-cp", "-classpath", "--class-path", "--module-path", "-p").contains(arguments[i]);
      i += hasValue ? 2 : 1;
    }
    return Math.min(i, arguments.length - 1);
  }
}
