package dev.backline.desk.process;

import dev.backline.desk.process.ListeningPort.Protocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Finds the process that has a port: in /proc where there is one, with lsof elsewhere. */
final class PortOwner {

  private static final Path PROC = Path.of("/proc");

  /** State of a listening TCP socket, and of a UDP socket without a peer. */
  private static final Set<String> LISTENING = Set.of("0A", "07");

  private PortOwner() {}

  /** Such as {@code redis-server (pid 812)}; empty where the system does not tell. */
  static Optional<String> of(ListeningPort port) {
    try {
      return Files.isDirectory(PROC.resolve("net")) ? fromProc(port) : fromLsof(port);
    } catch (IOException | UncheckedIOException notTold) {
      return Optional.empty();
    }
  }

  private static Optional<String> fromProc(ListeningPort port) throws IOException {
    String table = port.protocol() == Protocol.TCP ? "tcp" : "udp";
    Set<String> sockets = new HashSet<>();
    for (String name : List.of(table, table + "6")) {
      Path file = PROC.resolve("net").resolve(name);
      if (Files.exists(file)) {
        sockets.addAll(sockets(Files.readAllLines(file), port.number()));
      }
    }
    try (Stream<Path> processes = Files.list(PROC)) {
      return processes
          .filter(process -> process.getFileName().toString().chars().allMatch(Character::isDigit))
          .filter(process -> hasOneOf(sockets, process))
          .findFirst()
          .map(process -> "%s (pid %s)".formatted(program(process), process.getFileName()));
    }
  }

  /** What {@code /proc/<pid>/fd} calls the sockets that listen on a port. */
  private static Set<String> sockets(List<String> table, int port) {
    var sockets = new HashSet<String>();
    for (String line : table.subList(Math.min(1, table.size()), table.size())) {
      List<String> columns = List.of(line.strip().split("\\s+", -1));
      String localPort = columns.get(1).substring(columns.get(1).indexOf(':') + 1);
      if (Integer.parseInt(localPort, 16) == port && LISTENING.contains(columns.get(3))) {
        sockets.add("socket:[" + columns.get(9) + "]");
      }
    }
    return sockets;
  }

  private static boolean hasOneOf(Set<String> sockets, Path process) {
    try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
      return descriptors.anyMatch(descriptor -> sockets.contains(target(descriptor)));
    } catch (IOException goneOrSomebodyElses) {
      return false;
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException gone) {
      return "";
    }
  }

  private static String program(Path process) {
    try {
      return Files.readString(process.resolve("comm")).strip();
    } catch (IOException gone) {
      return "a process";
    }
  }

  private static Optional<String> fromLsof(ListeningPort port) throws IOException {
    List<String> which =
        switch (port.protocol()) {
          case TCP -> List.of("-iTCP:" + port.number(), "-sTCP:LISTEN");
          case UDP -> List.of("-iUDP:" + port.number());
        };
    var command = Stream.concat(Stream.of("lsof", "-nP", "-Fpc"), which.stream()).toList();
    Process lsof =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try {
      if (!lsof.waitFor(5, TimeUnit.SECONDS)) {
        return Optional.empty();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      lsof.destroyForcibly();
    }
    String pid = "";
    for (String field :
        new String(lsof.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
      if (field.startsWith("p")) {
        pid = field.substring(1);
      } else if (field.startsWith("c")) {
        return Optional.of("%s (pid %s)".formatted(field.substring(1), pid));
      }
    }
    return Optional.empty();
  }
}
