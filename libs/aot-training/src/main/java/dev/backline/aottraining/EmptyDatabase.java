package dev.backline.aottraining;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A PostgreSQL whose tables are all there and empty: a query finds no row, a command changes
 * nothing. It speaks as much of PostgreSQL's protocol 3.0 as its JDBC driver needs for that.
 */
final class EmptyDatabase implements AutoCloseable {

  private static final int SSL_REQUEST = 80_877_103;
  private static final int GSS_REQUEST = 80_877_104;
  private static final int PROTOCOL_3 = 3 << 16;

  private final ServerSocket socket;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private EmptyDatabase(ServerSocket socket) {
    this.socket = socket;
  }

  static EmptyDatabase start() throws IOException {
    var database = new EmptyDatabase(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    database.threads.execute(database::accept);
    return database;
  }

  /** What lets Spring Boot find it. */
  Map<String, String> environment() {
    return Map.of(
        "SPRING_DATASOURCE_URL",
        url(),
        "SPRING_DATASOURCE_USERNAME",
        "training",
        "SPRING_DATASOURCE_PASSWORD",
        "training");
  }

  String url() {
    return "jdbc:postgresql://127.0.0.1:" + socket.getLocalPort() + "/training";
  }

  private void accept() {
    try {
      while (true) {
        Socket client = socket.accept();
        threads.execute(() -> serve(client));
      }
    } catch (SocketException _) {
      // Closed: the training is over.
    } catch (IOException e) {
      System.err.println("the database of the training takes no connection: " + e);
    }
  }

  private static void serve(Socket client) {
    try (client;
        var in = new DataInputStream(client.getInputStream());
        var out = new DataOutputStream(new BufferedOutputStream(client.getOutputStream()))) {
      new Connection(in, out).serve();
    } catch (EOFException | SocketException _) {
      // The client has gone.
    } catch (IOException e) {
      System.err.println("the database of the training lost a connection: " + e);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
    threads.shutdownNow();
  }

  private static final class Connection {

    private final DataInputStream in;
    private final DataOutputStream out;
    private final Map<String, String> statements = new HashMap<>();
    private final Map<String, String> portals = new HashMap<>();

    Connection(DataInputStream in, DataOutputStream out) {
      this.in = in;
      this.out = out;
    }

    void serve() throws IOException {
      if (!begin()) {
        return;
      }
      while (true) {
        byte type = in.readByte();
        ByteBuffer body = ByteBuffer.wrap(in.readNBytes(in.readInt() - Integer.BYTES));
        switch (type) {
          case 'Q' -> {
            String sql = text(body);
            if (isQuery(sql)) {
              describe(sql);
            }
            complete(sql);
            ready();
          }
          case 'P' -> {
            statements.put(text(body), text(body));
            send('1');
          }
          case 'B' -> {
            portals.put(text(body), statements.getOrDefault(text(body), ""));
            send('2');
          }
          case 'D' -> {
            if (body.get() == 'S') {
              send('t', new byte[Short.BYTES]);
              describe(statements.getOrDefault(text(body), ""));
            } else {
              describe(portals.getOrDefault(text(body), ""));
            }
          }
          case 'E' -> complete(portals.getOrDefault(text(body), ""));
          case 'C' -> send('3');
          case 'S' -> ready();
          case 'H' -> out.flush();
          case 'X' -> {
            return;
          }
          default -> throw new IOException("message " + (char) type);
        }
      }
    }

    /** False for a request to cancel something, which is all that such a connection is for. */
    private boolean begin() throws IOException {
      int code = nextStartupMessage();
      while (code == SSL_REQUEST || code == GSS_REQUEST) {
        out.writeByte('N');
        out.flush();
        code = nextStartupMessage();
      }
      if (code != PROTOCOL_3) {
        return false;
      }
      send('R', new byte[Integer.BYTES]);
      parameter("server_version", "18.0");
      parameter("client_encoding", "UTF8");
      parameter("DateStyle", "ISO, MDY");
      parameter("TimeZone", "UTC");
      parameter("integer_datetimes", "on");
      parameter("standard_conforming_strings", "on");
      ready();
      return true;
    }

    private int nextStartupMessage() throws IOException {
      int length = in.readInt();
      int code = in.readInt();
      in.skipNBytes(length - 2L * Integer.BYTES);
      return code;
    }

    private void parameter(String name, String value) throws IOException {
      send('S', (name + '\0' + value + '\0').getBytes(UTF_8));
    }

    /** A result without columns, for what has a result. */
    private void describe(String sql) throws IOException {
      if (isQuery(sql)) {
        send('T', new byte[Short.BYTES]);
      } else {
        send('n');
      }
    }

    private void complete(String sql) throws IOException {
      if (sql.isBlank()) {
        send('I');
      } else {
        send('C', (tag(sql) + '\0').getBytes(UTF_8));
      }
    }

    private void ready() throws IOException {
      send('Z', new byte[] {'I'});
      out.flush();
    }

    private void send(char type, byte... body) throws IOException {
      out.writeByte(type);
      out.writeInt(Integer.BYTES + body.length);
      out.write(body);
    }

    private static boolean isQuery(String sql) {
      String command = command(sql);
      return command.equals("SELECT") || command.equals("SHOW") || command.equals("WITH");
    }

    private static String tag(String sql) {
      String command = command(sql);
      return switch (command) {
        case "SELECT", "SHOW", "WITH" -> "SELECT 0";
        case "INSERT" -> "INSERT 0 0";
        case "UPDATE", "DELETE" -> command + " 0";
        default -> command;
      };
    }

    private static String command(String sql) {
      return sql.strip().split("\\W", 2)[0].toUpperCase(Locale.ROOT);
    }

    /** Up to the next zero. */
    private static String text(ByteBuffer body) {
      var text = new ByteArrayOutputStream();
      for (byte next = body.get(); next != 0; next = body.get()) {
        text.write(next);
      }
      return text.toString(UTF_8);
    }
  }
}
