package dev.backline.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.backline.datastack.signingkey.SigningKey;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenTest {

  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

  @TempDir Path directory;
  private SigningKey key;

  @BeforeEach
  void makeKey() throws Exception {
    key = SigningKey.at(directory.resolve("signing-key.json"));
  }

  @Test
  void theTokenIsSignedByThePublishedKeyAndHasAllScopesForAnHour() throws Exception {
    var token = SignedJWT.parse(Token.mint(key, Map.of(), NOW));

    var published = JWKSet.parse(key.publicJwkSet()).getKeyByKeyId(token.getHeader().getKeyID());
    assertThat(token.verify(new RSASSAVerifier(published.toRSAKey()))).isTrue();
    var claims = token.getJWTClaimsSet();
    assertThat(claims.getIssuer()).isEqualTo("http://127.0.0.1:4566");
    assertThat(claims.getAudience()).containsExactly("backline");
    assertThat(claims.getSubject()).isEqualTo("desk");
    assertThat(claims.getStringClaim("scope")).isEqualTo("campaigns:write links:write stats:read");
    assertThat(claims.getExpirationTime()).isEqualTo(Date.from(NOW.plusSeconds(3600)));
  }

  @Test
  void scopeAndLifeCanBeChosen() throws Exception {
    var claims =
        SignedJWT.parse(Token.mint(key, Map.of("SCOPE", "stats:read", "TTL", "15m"), NOW))
            .getJWTClaimsSet();

    assertThat(claims.getStringClaim("scope")).isEqualTo("stats:read");
    assertThat(claims.getExpirationTime()).isEqualTo(Date.from(NOW.plusSeconds(900)));
  }

  @Test
  void aLifeOrScopeThatMakesNoSenseIsRefused() {
    assertThatThrownBy(() -> Token.mint(key, Map.of("TTL", "soon"), NOW))
        .hasMessageContaining("TTL")
        .hasMessageContaining("15m");
    assertThatThrownBy(() -> Token.mint(key, Map.of("TTL", "0s"), NOW))
        .isInstanceOf(UsageException.class);
    assertThatThrownBy(() -> Token.mint(key, Map.of("SCOPE", "links:write,  stats\"read"), NOW))
        .isInstanceOf(UsageException.class);
  }
}
