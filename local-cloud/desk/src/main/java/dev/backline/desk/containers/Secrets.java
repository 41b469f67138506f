package dev.backline.desk.containers;

import dev.backline.datastack.signingkey.SigningKey;
import dev.backline.desk.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Makes the secrets of the containers where there are none: passwords, Redis's access list, the key
 * that signs tokens. Each container mounts the one folder that is named after it, so it sees its
 * own secrets only; files of services are named after the property that they set.
 */
public final class Secrets {

  private static final String HASH = "<sha256>";
  private static final int PASSWORD_BYTES = 32;

  private final Path directory;

  Secrets(Path directory) {
    this.directory = directory;
  }

  /** Takes the directory, and the access list of Redis with {@code <sha256>} for the password's. */
  public static void main(String[] arguments) throws IOException {
    Command.run(() -> new Secrets(Path.of(arguments[0])).make(Path.of(arguments[1])));
  }

  void make(Path accessList) throws IOException {
    String postgres = password("postgres", "password");
    // Redis itself needs no more than the hash.
    String redis = password("redirector", "spring.data.redis.password");
    write("redis", "users.acl", Files.readString(accessList).replace(HASH, sha256(redis)));
    write("be-api", "spring.datasource.password", postgres);
    write("be-api", "spring.data.redis.password", redis);
    var key = SigningKey.at(directory.resolve("token").resolve("signing-key.json"));
    write("create", "jwks.json", key.publicJwkSet());
  }

  private String password(String consumer, String name) throws IOException {
    Path file = directory.resolve(consumer).resolve(name);
    if (!Files.exists(file)) {
      var bytes = new byte[PASSWORD_BYTES];
      new SecureRandom().nextBytes(bytes);
      write(consumer, name, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }
    return Files.readString(file);
  }

  /** At once and whole, since a container that mounts the folder may be running. */
  private void write(String consumer, String name, String content) throws IOException {
    Path folder = Files.createDirectories(directory.resolve(consumer));
    Path unfinished = folder.resolve("." + name);
    Files.writeString(unfinished, content);
    Files.move(unfinished, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private static String sha256(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
