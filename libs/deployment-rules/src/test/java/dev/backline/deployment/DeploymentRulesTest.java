package dev.backline.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A repository whose numbers agree, and one change that makes them disagree. */
class DeploymentRulesTest {

  private static final Path GOOD = Path.of("src", "test", "resources", "good");

  private static final String YML = "services/shop/src/main/resources/application.yml";
  private static final String DEFAULTS = "libs/defaults/src/main/resources/x/defaults.properties";

  @TempDir Path root;

  @BeforeEach
  void copy() throws IOException {
    try (Stream<Path> files = Files.walk(GOOD)) {
      for (Path file : files.toList()) {
        Path copy = root.resolve(GOOD.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
  }

  @Test
  void aTemplateThatABuildMadeIsComparedLikeOneOfTheRepository(@TempDir Path build)
      throws IOException {
    Path template = build.resolve("beta-services.template.json");
    Files.writeString(
        template,
        """
        {"Resources": {"Task": {"Type": "AWS::ECS::TaskDefinition", "Properties": {
          "ContainerDefinitions": [{"Name": "shop", "StopTimeout": 2}]}}}}""");

    assertThat(DeploymentRules.of(root).violationsOf(List.of(template)))
        .singleElement()
        .asString()
        .startsWith("beta-services.template.json: Task, container shop: StopTimeout=2 is not the");
    assertThat(violations()).isEmpty();
  }

  @Test
  void numbersThatAgreeAreNoViolation() {
    assertThat(violations()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          STOPSIGNAL SIGTERM | STOPSIGNAL SIGINT | STOPSIGNAL SIGINT is not the SIGTERM that the service drains on. Remove it.
          ENTRYPOINT [ | ENTRYPOINT exec [ | ENTRYPOINT exec ["java",   "-jar", "app.jar"] is in shell form
          ENTRYPOINT ["java" | ENTRYPOINT ["/bin/sh" | ENTRYPOINT starts /bin/sh, a shell, which gets SIGTERM instead of Java.
          ENTRYPOINT ["java" | ENTRYPOINT ["./start.sh" | ENTRYPOINT starts ./start.sh, a shell
          ENTRYPOINT ["java" | LABEL ["java" | has no ENTRYPOINT, so that the base image decides
          ENTRYPOINT ["java" | CMD ["sh" | CMD starts sh, a shell
          "app.jar" | "$APP.jar" | ENTRYPOINT ["java",   "-jar", "$APP.jar"] has a variable, which nothing replaces
          A=1 | A="b c=1" BACKLINE_SHUTDOWN_STOP_TIMEOUT=60s | ENV BACKLINE_SHUTDOWN_STOP_TIMEOUT changes the time for a stop
          A=1 | SPRING_PROFILES_ACTIVE=slow | ENV SPRING_PROFILES_ACTIVE changes the time for a stop
          """)
  void whatKeepsSigtermFromJavaIsToldOfADockerfile(String text, String instead, String sentence)
      throws IOException {
    change("services/shop/Dockerfile", text, instead);

    assertThat(violations())
        .singleElement()
        .asString()
        .startsWith("services/shop/Dockerfile: " + sentence);
  }

  @Test
  void aStageHasTheEntrypointOfTheStageItIsMadeFrom() {
    List<String> lines =
        List.of("FROM jre AS base", "ENTRYPOINT java", "FROM other", "FROM base", "USER 10001");

    assertThat(Dockerfile.parse(lines).entrypoint()).isEqualTo("java");
  }

  @Test
  void aValueIsNoVariable() {
    List<String> lines =
        List.of(
            "FROM jre", "ENV A=\"x SPRING_PROFILES_ACTIVE=a\" B='y C=2' \\", " D=3", "ENV E e F=4");

    assertThat(Dockerfile.parse(lines).variables()).containsExactly("A", "B", "D", "E");
  }

  @Test
  void aServiceThatOneDockerfileMakesOfManyIsKnownByItsBuildArgument() throws IOException {
    Files.writeString(
        root.resolve("docker-compose.yml"),
        """
        services:
          another:
            build: {context: ., dockerfile: services/Dockerfile, args: {SERVICE: "${WHICH:-shop}"}}
        """);

    assertThat(violations())
        .singleElement()
        .asString()
        .startsWith("docker-compose.yml: services.another.stop_grace_period, 10s where it is not");
  }

  @Test
  void aServiceMayTakeAwayWhatItHasFromAnother() throws IOException {
    Files.writeString(
        root.resolve("docker-compose.yml"),
        """
        services:
          shop:
            build: services/shop
            stop_grace_period: 30s
          shop-2:
            extends: {service: shop}
            build: !reset null
            ports: !reset []
        """);

    assertThat(violations()).isEmpty();
  }

  @Test
  void aDockerfileThatComesTomorrowIsChecked() throws IOException {
    Files.writeString(root.resolve("Dockerfile.arm64"), "FROM jre\nCMD java -jar app.jar\n");
    Files.writeString(root.resolve("Dockerfile.dockerignore"), "target\n");
    Files.writeString(
        Files.createDirectories(root.resolve("services/shop/target")).resolve("Dockerfile"),
        "FROM jre\n");

    assertThat(violations()).singleElement().asString().startsWith("Dockerfile.arm64: CMD java");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          ${GRACE:-30s} | 10s | services.shop.stop_grace_period=10s is not the backline.shutdown.stop-timeout=30s of the library's default. Set it to 30s.
          stop_grace_period: ${GRACE:-30s} | init: true | services.shop.stop_grace_period, 10s where it is not set, is not
          1m30s | 30s | services.shop-slow.stop_grace_period=30s is not the backline.shutdown.stop-timeout=90s of services/shop/src/main/resources/application.yml. Set it to 90s.
          SPRING_PROFILES_ACTIVE=slow | BACKLINE_SHUTDOWN_STOPTIMEOUT=100s | services.shop-slow.stop_grace_period=1m30s is not the backline.shutdown.stop-timeout=100s of docker-compose.yml. Set it to 100s.
          build: services/shop | stop_signal: SIGINT | services.shop.stop_signal=SIGINT is not the SIGTERM
          build: services/shop | entrypoint: sh -c java | services.shop.entrypoint starts sh, a shell
          """)
  void whatDoesNotFitTheStopTimeoutIsToldOfACompose(String text, String instead, String sentence)
      throws IOException {
    change("docker-compose.yml", text, instead);

    assertThat(violations())
        .singleElement()
        .asString()
        .startsWith("docker-compose.yml: " + sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          "StopTimeout": 30 | "StopTimeout": 60 | Task, container shop: StopTimeout=60 is not the backline.shutdown.stop-timeout=30s of the library's default. Set it to 30.
          "StopTimeout": 30 | "StopTimeout": {"Ref":"X"} | Task, container shop: StopTimeout=(computed) is not
          "SERVER_ADDRESS", "Value": "0.0.0.0" | "BACKLINE_SHUTDOWN_STOP_TIMEOUT", "Value": "45s" | Task, container shop: StopTimeout=30 is not the backline.shutdown.stop-timeout=45s of infra/templates/service.json.
          "StopTimeout": 30 | "EntryPoint": ["bash", "-c"] | Task, container shop: EntryPoint starts bash, a shell
          "Name": "shop" | "Name": "web" | no container of Task has the name of a service, so that its StopTimeout cannot be compared. Name it like one of [shop].
          "Value": "20" | "Value": "22" | Targets: deregistration_delay.timeout_seconds=22 is longer than the 21s in which requests have to end (stop-timeout minus safety-margin minus flush-reserve). Set it to 21 or less.
          deregistration_delay. | slow_start. | Targets: deregistration_delay.timeout_seconds=300 is longer than
          "VisibilityTimeout": 60 | "VisibilityTimeout": 45 | Orders: VisibilityTimeout=45 is not longer than the 45s that a message of the queue orders may be in hand, so that a second worker would get it meanwhile. Set it to more than 45.
          "VisibilityTimeout": 60 | "DelaySeconds": 1 | Orders: VisibilityTimeout=30 is not longer than the 45s
          """)
  void whatDoesNotFitIsToldOfATemplate(String text, String instead, String sentence)
      throws IOException {
    change("infra/templates/service.json", text, instead);

    assertThat(violations())
        .singleElement()
        .asString()
        .startsWith("infra/templates/service.json: " + sentence);
  }

  @Test
  void aBalancerThatKeepsConnectionsLongerThanTheServerIsTold() throws IOException {
    change("infra/templates/service.json", "\"Value\": \"60\"", "\"Value\": \"65\"");

    assertThat(violations())
        .contains(
            DEFAULTS
                + ": server.tomcat.keep-alive-timeout=65s is not longer than the balancer's idle timeout of 65s"
                + " (infra/templates/service.json, Balancer), which would reuse a connection that was just closed."
                + " Set it to 70s.");
  }

  @Test
  void withoutABalancerItsDefaultOfAMinuteCounts() throws IOException {
    Files.delete(root.resolve("infra/templates/service.json"));
    change(DEFAULTS, "65s", "60s");

    assertThat(DeploymentRules.of(root).violations())
        .first()
        .asString()
        .contains("keep-alive-timeout=60s is not longer than the balancer's idle timeout of 60s");
    Files.delete(root.resolve(DEFAULTS));
    assertThat(DeploymentRules.of(root).violations())
        .first()
        .asString()
        .startsWith(YML + ": server.tomcat.keep-alive-timeout is not set");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          safetyMargin: 6s | safety-margin: 0s | backline.shutdown.safety-margin=0s leaves no time between the drain and SIGKILL
          safetyMargin: 6s | lame-duck: 25s | backline.shutdown.lame-duck=25s is not shorter than the deadline of 25s (stop-timeout minus safety-margin). Set lame-duck below 25s, or raise stop-timeout.
          safetyMargin: 6s | stop-timeout: 121s | backline.shutdown.stop-timeout=121s is over 120 s
          poll-timeout: 5s | poll-timeout: 22s | shop.poll-timeout=22s is longer than the 21s in which messages have to end
          poll-timeout: 5s | acknowledgement-shutdown-timeout: 40s | shop.acknowledgement-shutdown-timeout=40s is longer than
          stop-timeout: 90s | stop-timeout: 90s⏎  flush-reserve: 84s | backline.shutdown.flush-reserve=84s leaves no time to drain
          application.name: shop | lifecycle.timeout-per-shutdown-phase: 20s | spring.lifecycle.timeout-per-shutdown-phase=20s is longer than the 16s
          """)
  void aBudgetThatDoesNotFitIsToldOfTheSettings(String text, String instead, String sentence)
      throws IOException {
    change(YML, text, instead.replace('⏎', '\n'));

    assertThat(violations()).first().asString().startsWith(YML + ": " + sentence);
  }

  @Test
  void settingsOfAProfileFileAreCheckedToo() throws IOException {
    Files.writeString(
        root.resolve(YML).resolveSibling("application-prod.properties"),
        "server.tomcat.keepAliveTimeout=5000\n");

    assertThat(violations())
        .singleElement()
        .asString()
        .startsWith(
            "services/shop/src/main/resources/application-prod.properties: server.tomcat.keep-alive-timeout=5s");
  }

  @Test
  void aHandlerWhoseTimeNobodyTellsIsAViolation() {
    assertThat(DeploymentRules.of(root).violations())
        .singleElement()
        .asString()
        .contains("Orders: nobody has told how long a message of the queue orders may be in hand")
        .endsWith("Call handlerTakes(\"orders\", …).");
  }

  @Test
  void aHandlerOfAQueueThatIsNotThereIsAViolation() {
    assertThat(rules().handlerTakes("order", Duration.ofSeconds(1)).violations())
        .singleElement()
        .asString()
        .startsWith("handlerTakes(\"order\", 1s): no template has a queue of this name");
  }

  private DeploymentRules rules() {
    return DeploymentRules.of(root).handlerTakes("orders", Duration.ofSeconds(45));
  }

  private List<String> violations() {
    return rules().violations();
  }

  private void change(String file, String text, String instead) throws IOException {
    String content = Files.readString(root.resolve(file));
    assertThat(content).contains(text);
    Files.writeString(root.resolve(file), content.replace(text, instead));
  }
}
