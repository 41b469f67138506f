package dev.backline.datastack.signingkey;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * An RSA key pair (2,048 bits, RS256: what resource servers accept without configuration) kept as a
 * private JWK.
 *
 * <p>It is made on first use and stays on the machine. Whoever needs it first makes it: the file
 * appears at once and whole, so that the cloud and {@code make token} agree on one key even when
 * they start at the same moment.
 */
public final class SigningKey {

  /** Where the file is, below the root of the clone. */
  public static final Path DEFAULT_FILE = Path.of(".backline", "signing-key.json");

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Set<String> PUBLIC_MEMBERS = Set.of("kty", "n", "e", "kid", "use", "alg");
  private static final Set<String> PRIVATE_MEMBERS = Set.of("d", "p", "q", "dp", "dq", "qi");

  private final Map<String, String> jwk;

  private SigningKey(Map<String, String> jwk) {
    this.jwk = jwk;
  }

  /**
   * The key in this file, which is created (readable by its owner only) where there is none.
   *
   * @throws IOException when the file cannot be read or written, or holds something else; the
   *     message says what to do
   */
  public static SigningKey at(Path file) throws IOException {
    try {
      return read(file);
    } catch (NoSuchFileException none) {
      create(file);
      return read(file);
    }
  }

  /** The private key as a JWK. */
  public String privateJwk() {
    return JSON.writeValueAsString(jwk);
  }

  /** The public half as a JWK set, as published at {@code /.well-known/jwks.json}. */
  public String publicJwkSet() {
    var published = new LinkedHashMap<>(jwk);
    published.keySet().retainAll(PUBLIC_MEMBERS);
    return JSON.writeValueAsString(Map.of("keys", List.of(published)));
  }

  private static SigningKey read(Path file) throws IOException {
    String content = Files.readString(file);
    try {
      var jwk = JSON.readValue(content, new TypeReference<LinkedHashMap<String, String>>() {});
      if ("RSA".equals(jwk.get("kty"))
          && jwk.keySet().containsAll(PUBLIC_MEMBERS)
          && jwk.keySet().containsAll(PRIVATE_MEMBERS)) {
        return new SigningKey(jwk);
      }
    } catch (JacksonException notJson) {
      // Told below: the parser's message could quote the key.
    }
    throw new IOException(
        file + " holds no private RSA key (JWK). Delete it, and a new one is made.");
  }

  private static void create(Path file) throws IOException {
    Path directory = Files.createDirectories(file.toAbsolutePath().getParent());
    Path complete = Files.createTempFile(directory, "signing-key", ".tmp", ownerOnly(directory));
    try {
      Files.writeString(complete, JSON.writeValueAsString(generate()));
      // A link, unlike a move, never replaces: of two processes at once the second takes the first
      // one's key.
      Files.createLink(file, complete);
    } catch (FileAlreadyExistsException madeMeanwhile) {
      // Read by the caller.
    } finally {
      Files.delete(complete);
    }
  }

  private static FileAttribute<?>[] ownerOnly(Path directory) {
    boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private static Map<String, String> generate() {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      var key = (RSAPrivateCrtKey) generator.generateKeyPair().getPrivate();
      var jwk = new LinkedHashMap<String, String>();
      jwk.put("kty", "RSA");
      jwk.put("use", "sig");
      jwk.put("alg", "RS256");
      jwk.put("kid", thumbprint(key));
      jwk.put("n", base64(key.getModulus()));
      jwk.put("e", base64(key.getPublicExponent()));
      jwk.put("d", base64(key.getPrivateExponent()));
      jwk.put("p", base64(key.getPrimeP()));
      jwk.put("q", base64(key.getPrimeQ()));
      jwk.put("dp", base64(key.getPrimeExponentP()));
      jwk.put("dq", base64(key.getPrimeExponentQ()));
      jwk.put("qi", base64(key.getCrtCoefficient()));
      return jwk;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has RSA and SHA-256", e);
    }
  }

  /** RFC 7638: the hash of the required members in this order, without a blank. */
  private static String thumbprint(RSAPrivateCrtKey key) throws GeneralSecurityException {
    String members =
        "{\"e\":\"%s\",\"kty\":\"RSA\",\"n\":\"%s\"}"
            .formatted(base64(key.getPublicExponent()), base64(key.getModulus()));
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(members.getBytes(StandardCharsets.UTF_8));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
  }

  private static String base64(BigInteger number) {
    byte[] bytes = number.toByteArray();
    int sign = bytes[0] == 0 && bytes.length > 1 ? 1 : 0;
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Arrays.copyOfRange(bytes, sign, bytes.length));
  }
}
