package dev.backline.desk.containers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.datastack.signingkey.SigningKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {

  @TempDir Path directory;
  private Path accessList;
  private Path secrets;

  @BeforeEach
  void writeAccessList() throws IOException {
    accessList = directory.resolve("users.acl");
    Files.writeString(accessList, "user backline on #<sha256> ~* &* +@all -@dangerous\n");
    secrets = directory.resolve("secrets");
  }

  @Test
  void eachContainerHasTheFilesThatItNeedsAndNoOther() throws IOException {
    new Secrets(secrets).make(accessList);

    assertThat(made().keySet())
        .containsExactly(
            "be-api/spring.data.redis.password",
            "be-api/spring.datasource.password",
            "create/jwks.json",
            "postgres/password",
            "redirector/spring.data.redis.password",
            "redis/users.acl",
            "token/signing-key.json");
  }

  @Test
  void whoMeetsHasTheSameSecret() throws Exception {
    new Secrets(secrets).make(accessList);

    var made = made();
    assertThat(made.get("be-api/spring.datasource.password"))
        .hasSizeGreaterThan(40)
        .isEqualTo(made.get("postgres/password"));
    var redis = made.getOrDefault("redirector/spring.data.redis.password", "");
    assertThat(made.get("be-api/spring.data.redis.password")).isEqualTo(redis);
    var hash =
        HexFormat.of()
            .formatHex(
                MessageDigest.getInstance("SHA-256")
                    .digest(redis.getBytes(StandardCharsets.UTF_8)));
    assertThat(made.get("redis/users.acl"))
        .isEqualTo("user backline on #" + hash + " ~* &* +@all -@dangerous\n");
    assertThat(made.get("create/jwks.json"))
        .isEqualTo(
            SigningKey.at(secrets.resolve("token").resolve("signing-key.json")).publicJwkSet())
        .doesNotContain("\"d\"");
  }

  @Test
  void whatIsThereStays() throws IOException {
    new Secrets(secrets).make(accessList);
    var before = made();

    new Secrets(secrets).make(accessList);

    assertThat(made()).isEqualTo(before);
  }

  @Test
  void twoClonesHaveDifferentSecrets() throws IOException {
    new Secrets(secrets).make(accessList);
    var other = directory.resolve("other");
    new Secrets(other).make(accessList);

    assertThat(Files.readString(other.resolve("postgres").resolve("password")))
        .isNotEqualTo(made().get("postgres/password"));
  }

  private Map<String, String> made() throws IOException {
    var made = new TreeMap<String, String>();
    try (Stream<Path> files = Files.walk(secrets)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        made.put(secrets.relativize(file).toString(), Files.readString(file));
      }
    }
    return made;
  }
}
