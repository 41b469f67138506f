package dev.backline.localcloud;

import dev.backline.datastack.signingkey.SigningKey;
import java.io.IOException;
import java.nio.file.Path;

/** The key that signs tokens on this desk. It is made on first use and never leaves the machine. */
final class DeskKey {

  private DeskKey() {}

  /** The public half as a JWK set, from the file, which is made if it is not there. */
  static String publicKeys(Path file) {
    try {
      return SigningKey.at(file).publicJwkSet();
    } catch (IOException e) {
      throw new StartupException("The signing key cannot be read or made: " + e.getMessage(), e);
    }
  }
}
