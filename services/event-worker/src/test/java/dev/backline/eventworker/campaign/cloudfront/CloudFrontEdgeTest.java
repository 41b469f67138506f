package dev.backline.eventworker.campaign.cloudfront;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import dev.backline.eventworker.campaign.CampaignChange;
import dev.backline.eventworker.campaign.Edge;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;

class CloudFrontEdgeTest {

  /** The SDK's name for AWS_ENDPOINT_URL_CLOUDFRONT within a JVM. */
  private static final String ENDPOINT = "aws.endpointUrlCloudFront";

  private final Queue<String> requests = new ConcurrentLinkedQueue<>();
  private final Queue<Integer> answers = new ConcurrentLinkedQueue<>();
  private HttpServer cloudFront;

  private final ApplicationContextRunner service =
      new ApplicationContextRunner()
          .withUserConfiguration(Configured.class)
          .withBean(AwsCredentialsProvider.class, AnonymousCredentialsProvider::create);

  @BeforeEach
  void start() throws IOException {
    cloudFront = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    cloudFront.createContext(
        "/",
        exchange -> {
          requests.add(
              exchange.getRequestURI()
                  + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          Integer planned = answers.poll();
          byte[] body = "<Invalidation><Id>I1</Id></Invalidation>".getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "text/xml");
          exchange.sendResponseHeaders(planned == null ? 201 : planned, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    cloudFront.start();
    System.setProperty(
        ENDPOINT, URI.create("http://127.0.0.1:" + cloudFront.getAddress().getPort()).toString());
  }

  @AfterEach
  void stop() {
    System.clearProperty(ENDPOINT);
    cloudFront.stop(0);
  }

  @Test
  void thePathIsEncodedAndTheReferenceIsTheSameForTheSameChangeOnly() {
    enabled()
        .run(
            context -> {
              Edge edge = context.getBean(Edge.class);
              edge.forget(change(2));
              edge.forget(change(2));
              edge.forget(change(3));
            });

    assertThat(requests)
        .hasSize(3)
        .allSatisfy(
            request ->
                assertThat(request)
                    .startsWith("/2020-05-31/distribution/E123/invalidation")
                    .contains("<Path>/campaigns/%EB%B4%84-concert</Path>"));
    List<String> references = requests.stream().map(CloudFrontEdgeTest::reference).toList();
    assertThat(references.get(0)).isEqualTo(references.get(1)).isNotEqualTo(references.get(2));
  }

  @Test
  void aRefusalIsForAnotherDelivery() {
    answers.add(403);
    enabled()
        .run(
            context ->
                assertThatExceptionOfType(SdkException.class)
                    .isThrownBy(() -> context.getBean(Edge.class).forget(change(2))));
  }

  @Test
  void isOffUnlessAskedForAndThenNeedsADistribution() {
    service.run(
        context -> {
          context.getBean(Edge.class).forget(change(2));
          assertThat(context).doesNotHaveBean(CloudFrontClient.class);
        });
    assertThat(requests).isEmpty();
    service
        .withPropertyValues("backline.edge.invalidation.enabled=true")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining("distribution-id is required"));
  }

  private ApplicationContextRunner enabled() {
    return service.withPropertyValues(
        "backline.edge.invalidation.enabled=true",
        "backline.edge.invalidation.distribution-id=E123");
  }

  private static String reference(String request) {
    return request.replaceAll("(?s).*<CallerReference>(.*)</CallerReference>.*", "$1");
  }

  private static CampaignChange change(long version) {
    return new CampaignChange(
        "봄-concert",
        CampaignChange.Status.PUBLISHED,
        version,
        "Title",
        null,
        null,
        null,
        null,
        null,
        null,
        Instant.EPOCH);
  }

  @Configuration(proxyBeanMethods = false)
  @Import(EdgeConfiguration.class)
  @EnableConfigurationProperties(EdgeInvalidationProperties.class)
  static class Configured {}
}
