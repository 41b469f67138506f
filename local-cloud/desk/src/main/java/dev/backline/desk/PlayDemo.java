package dev.backline.desk;

import dev.backline.datastack.signingkey.SigningKey;
import dev.backline.desk.demo.Demo;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** {@code make demo}: plays the story against the suite that runs. */
public final class PlayDemo {

  private PlayDemo() {}

  /** Exits with 0 only when every step held. */
  public static void main(String[] arguments) throws IOException {
    Command.run(() -> System.exit(play(System.getenv()) ? 0 : 1));
  }

  private static boolean play(Map<String, String> environment) throws IOException {
    Settings settings = Settings.ofRunning(environment, Run.WRITTEN_DOWN);
    var addresses =
        new Demo.Addresses(
            settings.url(Port.API), settings.url(Port.REDIRECTOR), settings.url(Port.CLOUD));
    String token =
        Token.sign(
            SigningKey.at(SigningKey.DEFAULT_FILE),
            Token.ALL_SCOPES,
            Duration.ofHours(1),
            Instant.now());
    try {
      return Demo.play(addresses, token, "1".equals(environment.get("DESK_COLOURS")));
    } catch (InterruptedException e) {
      throw new IllegalStateException("Nobody interrupts the main thread", e);
    }
  }
}
