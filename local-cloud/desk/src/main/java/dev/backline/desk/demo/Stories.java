package dev.backline.desk.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** What can be played against a running suite; each prints its steps and checks them. */
public final class Stories {

  private Stories() {}

  @FunctionalInterface
  private interface Story {
    void play(Api api, Teller teller) throws IOException, InterruptedException;
  }

  /**
   * Who plays, and to whom.
   *
   * @param token with all scopes
   * @param tokenCommand prints such a token
   * @param startCommand starts the suite
   * @param patience how many times as long as on a desk something may take: a container has one
   *     processor at most, and everything in it happens for the first time
   */
  public record Stage(
      Addresses addresses,
      String token,
      String tokenCommand,
      String startCommand,
      boolean colours,
      int patience) {}

  /**
   * Plays the README's story.
   *
   * @return true when each step held
   */
  public static boolean demo(Stage stage) throws IOException, InterruptedException {
    return play(stage, (api, teller) -> new Demo(api, teller, stage.patience()).play());
  }

  /**
   * Takes parts of the suite away in the middle of their work.
   *
   * @param processes where the suite keeps the process ids of its parts
   * @return true when each step held
   */
  public static boolean outages(Stage stage, Path processes)
      throws IOException, InterruptedException {
    return play(stage, (api, teller) -> new Outages(api, teller, processes).play());
  }

  /**
   * Uses the suite until it is told to end, while others stop its services one after the other.
   *
   * @param balancer passes every request on to the redirectors
   * @param end completes when it is enough
   * @return true when no request failed and every click was counted once
   */
  public static boolean load(Stage stage, String balancer, CompletableFuture<?> end)
      throws IOException, InterruptedException {
    return play(stage, (api, teller) -> new Load(api, teller, balancer, end).play());
  }

  private static boolean play(Stage stage, Story story) throws IOException, InterruptedException {
    var teller = new Teller(System.out, stage.colours());
    Addresses addresses = stage.addresses();
    try (var http = new Http(addresses.connectTo())) {
      for (String url : addresses.readiness()) {
        if (!http.answers(url)) {
          System.err.println(
              "Nothing is ready at "
                  + url
                  + ". Start the suite with "
                  + stage.startCommand()
                  + " in another terminal, then try again.");
          return false;
        }
      }
      story.play(new Api(addresses, stage.token(), stage.tokenCommand(), http), teller);
      return true;
    } catch (Unexpected e) {
      teller.failed(String.valueOf(e.getMessage()));
      return false;
    }
  }
}
