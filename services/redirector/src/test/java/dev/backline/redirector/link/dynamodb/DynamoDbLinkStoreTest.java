package dev.backline.redirector.link.dynamodb;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.backline.redirector.link.LinkCode;
import dev.backline.redirector.link.LinksUnavailableException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

class DynamoDbLinkStoreTest {

  @Test
  void aCallThatIsCancelledWhileItWaitsForAConnectionIsAnOutage() {
    ExecutionInterceptor cancelled =
        new ExecutionInterceptor() {
          @Override
          public void beforeTransmission(
              Context.BeforeTransmission context, ExecutionAttributes attributes) {
            throw new CancellationException();
          }
        };
    try (DynamoDbClient client =
        DynamoDbClient.builder()
            .endpointOverride(URI.create("http://127.0.0.1:1"))
            .region(Region.AP_NORTHEAST_2)
            .credentialsProvider(AnonymousCredentialsProvider.create())
            .overrideConfiguration(o -> o.addExecutionInterceptor(cancelled))
            .build()) {
      var store = new DynamoDbLinkStore(client, "links", Duration.ofSeconds(2));

      assertThatExceptionOfType(LinksUnavailableException.class)
          .isThrownBy(() -> store.find(LinkCode.of("abc").orElseThrow(), false))
          .withCauseInstanceOf(CancellationException.class);
    }
  }
}
