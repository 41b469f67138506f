package dev.backline.desk.demo;

import java.io.IOException;
import java.nio.file.Path;

/** What can be played against a running suite; each prints its steps and checks them. */
public final class Stories {

  private Stories() {}

  @FunctionalInterface
  private interface Story {
    void play(Api api, Teller teller) throws IOException, InterruptedException;
  }

  /**
   * Plays the README's story.
   *
   * @param token with all scopes
   * @return true when each step held
   */
  public static boolean demo(Addresses addresses, String token, boolean colours)
      throws IOException, InterruptedException {
    return play(addresses, token, colours, (api, teller) -> new Demo(api, teller).play());
  }

  /**
   * Takes parts of the suite away in the middle of their work.
   *
   * @param token with all scopes
   * @param processes where the suite keeps the process ids of its parts
   * @return true when each step held
   */
  public static boolean outages(Addresses addresses, String token, boolean colours, Path processes)
      throws IOException, InterruptedException {
    return play(
        addresses, token, colours, (api, teller) -> new Outages(api, teller, processes).play());
  }

  private static boolean play(Addresses addresses, String token, boolean colours, Story story)
      throws IOException, InterruptedException {
    var teller = new Teller(System.out, colours);
    try (var http = new Http()) {
      for (String url : addresses.readiness()) {
        if (!http.answers(url)) {
          System.err.println(
              "Nothing is ready at "
                  + url
                  + ". Start the suite with make run in another terminal, then try again.");
          return false;
        }
      }
      story.play(new Api(addresses, token, http), teller);
      return true;
    } catch (Unexpected e) {
      teller.failed(String.valueOf(e.getMessage()));
      return false;
    }
  }
}
