package dev.backline.beapi;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.function.Consumer;

/** Signs tokens and serves its public key. */
public final class TestIssuer {

  static final String ALL_SCOPES = "campaigns:write links:write stats:read";

  private final RSAKey key;
  private final HttpServer server;

  private TestIssuer() {
    key = newKey("test");
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var keys = new JWKSet(key.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/keys",
        exchange -> {
          try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, keys.length);
            exchange.getResponseBody().write(keys);
          }
        });
  }

  public static TestIssuer start() {
    var issuer = new TestIssuer();
    issuer.server.start();
    return issuer;
  }

  void stop() {
    server.stop(0);
  }

  int port() {
    return server.getAddress().getPort();
  }

  String uri() {
    return "http://127.0.0.1:" + port();
  }

  String keysUri() {
    return uri() + "/keys";
  }

  public String token(String subject, String scopes) {
    return token(claims -> claims.subject(subject).claim("scope", scopes));
  }

  /** A token that is good but for what the caller changes in it. */
  String token(Consumer<JWTClaimsSet.Builder> change) {
    return sign(key, change);
  }

  /** A token with the right key id, signed by another key. */
  String forgedToken() {
    return sign(newKey(key.getKeyID()), claims -> claims.claim("scope", ALL_SCOPES));
  }

  /** A token whose key has to be looked up again. */
  String tokenWithUnknownKey() {
    return sign(newKey("unknown"), claims -> claims.claim("scope", ALL_SCOPES));
  }

  /** A token whose subject, half of a surrogate pair, has no UTF-8 form. */
  String tokenOfHalfACharacter() {
    return sign(
        key,
        claims -> claims.claim("scope", ALL_SCOPES),
        "\"sub\":\"owner\"",
        "\"sub\":\"\\ud800\"");
  }

  private static RSAKey newKey(String id) {
    try {
      return new RSAKeyGenerator(2048).keyID(id).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private String sign(RSAKey signer, Consumer<JWTClaimsSet.Builder> change) {
    return sign(signer, change, "", "");
  }

  private String sign(
      RSAKey signer, Consumer<JWTClaimsSet.Builder> change, String written, String instead) {
    var claims =
        new JWTClaimsSet.Builder()
            .issuer(uri())
            .audience("backline")
            .subject("owner")
            .issueTime(Date.from(Instant.now()))
            .expirationTime(Date.from(Instant.now().plusSeconds(3_600)));
    change.accept(claims);
    try {
      var jwt =
          new JWSObject(
              new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(signer.getKeyID()).build(),
              new Payload(claims.build().toString().replace(written, instead)));
      jwt.sign(new RSASSASigner(signer));
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }
}
