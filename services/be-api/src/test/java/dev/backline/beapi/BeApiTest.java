package dev.backline.beapi;

import dev.backline.localcloud.junit.LocalCloud;
import java.util.UUID;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * The service on a port of its own, with real stores. Its subclasses share it, so each uses names
 * of its own.
 */
@LocalCloud(shared = "be-api")
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "management.server.port=0",
      "backline.short-links.base-url=https://go.example",
      "backline.link-import.lines-in-flight=16"
    })
public abstract class BeApiTest {

  protected static final TestIssuer ISSUER = TestIssuer.start();

  @LocalServerPort private int port;

  @DynamicPropertySource
  static void issuer(DynamicPropertyRegistry properties) {
    properties.add("spring.security.oauth2.resourceserver.jwt.issuer-uri", ISSUER::uri);
    properties.add("spring.security.oauth2.resourceserver.jwt.jwk-set-uri", ISSUER::keysUri);
  }

  protected ApiClient anonymous() {
    return new ApiClient(port, null);
  }

  protected ApiClient withToken(String token) {
    return new ApiClient(port, token);
  }

  protected ApiClient caller(String subject) {
    return withToken(ISSUER.token(subject, TestIssuer.ALL_SCOPES));
  }

  /** A caller that no other test has. */
  protected ApiClient caller() {
    return caller(unique("owner"));
  }

  protected static String unique(String prefix) {
    return prefix + "-" + UUID.randomUUID().toString().substring(0, 8);
  }
}
