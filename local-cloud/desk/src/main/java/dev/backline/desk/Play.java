package dev.backline.desk;

import dev.backline.datastack.signingkey.SigningKey;
import dev.backline.desk.demo.Addresses;
import dev.backline.desk.demo.Stories;
import dev.backline.desk.demo.TraceStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** {@code make demo} and {@code make outages}: play a story against the suite that runs. */
public final class Play {

  private Play() {}

  /** Exits with 0 only when every step held. */
  public static void main(String[] arguments) throws IOException {
    Command.run(() -> System.exit(play(arguments[0], System.getenv()) ? 0 : 1));
  }

  private static boolean play(String story, Map<String, String> environment) throws IOException {
    Settings settings = Settings.ofRunning(environment, Run.WRITTEN_DOWN);
    var addresses =
        new Addresses(
            settings.web(),
            settings.shortLinks(),
            settings.url(Port.API),
            settings.url(Port.REDIRECTOR),
            settings.url(Port.CLOUD),
            settings.web() + "/__edge",
            new TraceStore.LocalCloud(settings.url(Port.CLOUD)),
            List.of(
                settings.web() + "/__edge/health",
                settings.url(Port.API) + "/readyz",
                settings.url(Port.REDIRECTOR) + "/readyz",
                settings.url(Port.CLOUD) + "/health"),
            Map.of());
    String token =
        Token.sign(
            SigningKey.at(SigningKey.DEFAULT_FILE),
            Token.ALL_SCOPES,
            Duration.ofHours(1),
            Instant.now());
    var stage =
        new Stories.Stage(
            addresses,
            token,
            "make -s token",
            "make run",
            "1".equals(environment.get("DESK_COLOURS")),
            1);
    try {
      return switch (story) {
        case "demo" -> Stories.demo(stage);
        case "outages" -> Stories.outages(stage, Run.DIRECTORY);
        default -> throw new UsageException("There is no story '" + story + "'");
      };
    } catch (InterruptedException e) {
      throw new IllegalStateException("Nobody interrupts the main thread", e);
    }
  }
}
