package dev.backline.desk;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.backline.datastack.signingkey.SigningKey;
import java.io.IOException;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code make token}: prints an access token that the services of this desk accept. */
public final class Token {

  public static final String ALL_SCOPES = "campaigns:write links:write stats:read";

  /**
   * The issuer that the services are told; a name, also where the cloud listens on another port.
   */
  static final String ISSUER = "http://127.0.0.1:4566";

  private static final Duration USUAL_LIFE = Duration.ofHours(1);
  private static final Pattern LIFE = Pattern.compile("([1-9][0-9]{0,5})([smhd])");
  private static final Pattern SCOPES =
      Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]+( [\\x21\\x23-\\x5B\\x5D-\\x7E]+)*");

  private Token() {}

  /**
   * Reads {@code SCOPE} (several, separated by a blank) and {@code TTL} (such as 90s, 15m, 1h,
   * 30d). The key is in {@code KEY_FILE}, if that is set.
   */
  public static void main(String[] arguments) throws IOException {
    var settings = System.getenv();
    Command.run(
        () -> System.out.println(mint(SigningKey.at(keyFile(settings)), settings, Instant.now())));
  }

  /** Where the key is that signs. */
  public static Path keyFile(Map<String, String> settings) {
    var file = settings.getOrDefault("KEY_FILE", "");
    return file.isBlank() ? SigningKey.DEFAULT_FILE : Path.of(file);
  }

  static String mint(SigningKey key, Map<String, String> settings, Instant now) {
    return sign(
        key,
        scope(settings.getOrDefault("SCOPE", "")),
        life(settings.getOrDefault("TTL", "")),
        now);
  }

  /** A token of this desk for these scopes. */
  public static String sign(SigningKey key, String scope, Duration life, Instant now) {
    try {
      RSAKey jwk = RSAKey.parse(key.privateJwk());
      var claims =
          new JWTClaimsSet.Builder()
              .issuer(ISSUER)
              .audience("backline")
              .subject("desk")
              .claim("scope", scope)
              .issueTime(Date.from(now))
              .expirationTime(Date.from(now.plus(life)))
              .build();
      var token =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(jwk.getKeyID()).build(), claims);
      token.sign(new RSASSASigner(jwk));
      return token.serialize();
    } catch (ParseException | JOSEException e) {
      throw new IllegalStateException("The signing key cannot sign", e);
    }
  }

  private static String scope(String text) {
    String scope = text.strip();
    if (scope.isEmpty()) {
      return ALL_SCOPES;
    }
    if (!SCOPES.matcher(scope).matches()) {
      throw new UsageException(
          "SCOPE is one or more scopes separated by a blank, such as \"%s\"".formatted(ALL_SCOPES));
    }
    return scope;
  }

  private static Duration life(String text) {
    if (text.isBlank()) {
      return USUAL_LIFE;
    }
    Matcher life = LIFE.matcher(text.strip());
    if (!life.matches()) {
      throw new UsageException(
          "TTL is a number with s, m, h or d, such as 15m or 1h, not '%s'".formatted(text));
    }
    long number = Long.parseLong(life.group(1));
    return switch (life.group(2)) {
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }
}
