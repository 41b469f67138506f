package dev.backline.xraytracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import tools.jackson.databind.JsonNode;

@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpTracingTest {

  private static final String ROOT = "1-5759e988-bd862e3fe1be46a994272793";
  private static final String PARENT = "53995c3f42cd8ad8";

  private final HttpClient client = HttpClient.newHttpClient();
  private final TraceReceiver receiver;
  private final SQSRestServer sqs;
  private final ConfigurableApplicationContext context;

  HttpTracingTest() throws Exception {
    receiver = new TraceReceiver();
    sqs =
        SQSRestServerBuilder.withInterface("127.0.0.1")
            .withDynamicPort()
            .withAWSRegion("ap-northeast-2")
            .withAWSAccountId("000000000000")
            .start();
    int sqsPort = sqs.waitUntilStarted().localAddress().getPort();
    context =
        new SpringApplication(TracedApplication.class)
            .run(
                "--backline.tracing.daemon-address=" + receiver.address(),
                "--spring.cloud.aws.sqs.endpoint=http://127.0.0.1:" + sqsPort);
  }

  @AfterAll
  void stop() {
    context.close();
    sqs.stopAndGetFuture();
    receiver.close();
    client.shutdownNow();
  }

  @Test
  void aRootOnlyHeaderOfALoadBalancerIsContinued() throws Exception {
    HttpResponse<String> response = get("/ids?q=root-only", "Root=" + ROOT);

    assertThat(response.body()).contains(ROOT);
    assertThat(response.headers().firstValue("X-Amzn-Trace-Id")).hasValue("Root=" + ROOT);
    JsonNode segment = receiver.await(it -> isOf(it, ROOT));
    assertThat(segment.path("name").asString()).isEqualTo("traced");
    assertThat(segment.has("parent_id")).isFalse();
    assertThat(segment.at("/http/response/status").asInt()).isEqualTo(200);
  }

  @Test
  void theCallersSegmentBecomesTheParent() throws Exception {
    String root = "1-5759e988-000000000000000000000001";

    get("/ids", "Root=" + root + ";Parent=" + PARENT + ";Sampled=1");

    JsonNode segment = receiver.await(it -> isOf(it, root));
    assertThat(segment.path("parent_id").asString()).isEqualTo(PARENT);
  }

  @Test
  void aCallersNoIsObeyedButTheLogsStillHaveTheTraceId() throws Exception {
    String root = "1-5759e988-000000000000000000000002";

    HttpResponse<String> response = get("/ids", "Root=" + root + ";Sampled=0");
    String rootOfTheNext = "1-5759e988-00000000000000000000000b";
    get("/ids", "Root=" + rootOfTheNext);
    receiver.await(it -> isOf(it, rootOfTheNext));

    assertThat(response.body()).isEqualTo("[\"" + root + "\",\"" + root + "\",\"\"]");
    assertThat(receiver.all()).noneMatch(it -> isOf(it, root));
  }

  @Test
  void neitherQueryNorClientAddressNorUserAgentAreRecorded() throws Exception {
    String root = "1-5759e988-000000000000000000000003";

    get("/ids?token=secret", "Root=" + root);

    JsonNode segment = receiver.await(it -> isOf(it, root));
    assertThat(segment.toString()).doesNotContain("secret", "client_ip", "user_agent");
  }

  @Test
  void aFailureIsAFaultAndANotFoundIsAnError() throws Exception {
    get("/fails", null);
    get("/missing", null);

    JsonNode fault = receiver.awaitUrl("/fails");
    assertThat(fault.path("fault").asBoolean()).isTrue();
    assertThat(fault.at("/http/response/status").asInt()).isEqualTo(500);
    assertThat(fault.toString()).contains("on purpose");
    JsonNode error = receiver.awaitUrl("/missing");
    assertThat(error.path("error").asBoolean()).isTrue();
    assertThat(error.path("fault").asBoolean(false)).isFalse();
  }

  @Test
  void healthChecksAreNotTraced() throws Exception {
    String ofHealthChecks = "1-5759e988-000000000000000000000004";
    String ofSomethingElse = "1-5759e988-000000000000000000000005";

    get("/livez", "Root=" + ofHealthChecks + ";Sampled=1");
    get("/actuator/health", "Root=" + ofHealthChecks + ";Sampled=1");
    get("/livez-party", "Root=" + ofSomethingElse + ";Sampled=1");

    receiver.await(it -> isOf(it, ofSomethingElse));
    assertThat(receiver.all()).noneMatch(it -> isOf(it, ofHealthChecks));
  }

  @Test
  void anAsynchronousResponseIsOneSegmentWithTheIdOnItsOtherThread() throws Exception {
    String root = "1-5759e988-000000000000000000000006";

    HttpResponse<String> response = get("/async", "Root=" + root);

    assertThat(response.body()).isEqualTo(root);
    JsonNode segment = receiver.await(it -> isOf(it, root));
    assertThat(segment.at("/http/response/status").asInt()).isEqualTo(200);
    assertThat(segment.path("in_progress").asBoolean(false)).isFalse();
  }

  @Test
  void observationsBecomeNestedSubsegmentsWithTheirLowCardinalityValues() throws Exception {
    String root = "1-5759e988-000000000000000000000007";

    HttpResponse<String> response = get("/observed", "Root=" + root);

    assertThat(response.body()).isEqualTo(root);
    JsonNode segment = receiver.await(it -> isOf(it, root));
    List<JsonNode> children = TraceReceiver.children(segment).toList();
    assertThat(children).hasSize(1);
    assertThat(children.getFirst().path("name").asString()).isEqualTo("outer");
    assertThat(children.getFirst().at("/annotations/cache_name").asString()).isEqualTo("links");
    assertThat(TraceReceiver.children(children.getFirst()).map(it -> it.path("name").asString()))
        .containsExactly("inner");
    assertThat(segment.toString()).doesNotContain("secret", "http.server.requests");
  }

  @Test
  void aWrappedExecutorCarriesTheSegmentToVirtualThreads() throws Exception {
    String root = "1-5759e988-000000000000000000000008";

    HttpResponse<String> response = get("/parallel", "Root=" + root);

    assertThat(response.body()).isEqualTo("[\"" + root + "\",\"" + root + "\"]");
    JsonNode segment = receiver.await(it -> isOf(it, root));
    assertThat(TraceReceiver.children(segment).map(it -> it.path("name").asString()))
        .containsExactlyInAnyOrder("first", "second");
  }

  @Test
  void aTraceGoesOverHttpIntoTheCalledServicesSegment() throws Exception {
    String root = "1-5759e988-00000000000000000000000a";

    get("/call?url=" + url("/ids"), "Root=" + root);

    JsonNode caller = receiver.await(it -> isOf(it, root) && !it.has("parent_id"));
    JsonNode callee = receiver.await(it -> isOf(it, root) && it.has("parent_id"));
    JsonNode call = TraceReceiver.children(caller).findFirst().orElseThrow();
    assertThat(call.path("namespace").asString()).isEqualTo("remote");
    assertThat(callee.path("parent_id").asString()).isEqualTo(call.path("id").asString());
  }

  @Test
  void aTraceGoesOverSqsIntoTheListenersSegment() throws Exception {
    String root = "1-5759e988-000000000000000000000009";

    get("/send", "Root=" + root);

    JsonNode sender = receiver.await(it -> isOf(it, root));
    JsonNode sending =
        TraceReceiver.subsegments(sender).stream()
            .filter(it -> it.at("/aws/operation").asString("").equals("SendMessage"))
            .findFirst()
            .orElseThrow();
    assertThat(sending.path("namespace").asString()).isEqualTo("aws");
    Message message = receiveClick();
    String header = message.attributes().get(MessageSystemAttributeName.AWS_TRACE_HEADER);
    assertThat(header).contains("Root=" + root);

    TraceContext traces = context.getBean(TraceContext.class);
    String inListener = traces.continueFrom(header, "clicks", TracedApplication::mdc);

    assertThat(inListener).isEqualTo(root);
    JsonNode receiving =
        receiver.await(it -> it.at("/annotations/work").asString("").equals("clicks"));
    assertThat(receiving.path("trace_id").asString()).isEqualTo(root);
    assertThat(receiving.path("parent_id").asString()).isEqualTo(sending.path("id").asString());
    assertThat(MDC.get("traceId")).isNull();
  }

  @Test
  void aMessageWithoutAHeaderBeginsATraceAndAFailureIsRecorded() {
    TraceContext traces = context.getBean(TraceContext.class);

    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                traces.run(
                    null,
                    "poison",
                    () -> {
                      throw new IllegalStateException("not ours");
                    }));

    JsonNode segment =
        receiver.await(it -> it.at("/annotations/work").asString("").equals("poison"));
    assertThat(segment.path("fault").asBoolean()).isTrue();
    assertThat(traces.currentTraceId()).isEmpty();
    assertThat(traces.currentHeader()).isEmpty();
  }

  private Message receiveClick() throws Exception {
    SqsAsyncClient plain = context.getBean(SqsAsyncClient.class);
    String url = plain.getQueueUrl(request -> request.queueName("clicks")).get().queueUrl();
    return plain
        .receiveMessage(
            request ->
                request
                    .queueUrl(url)
                    .waitTimeSeconds(5)
                    .messageSystemAttributeNames(MessageSystemAttributeName.AWS_TRACE_HEADER))
        .get()
        .messages()
        .getFirst();
  }

  private HttpResponse<String> get(String path, @Nullable String header) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url(path)));
    if (header != null) {
      request.header("X-Amzn-Trace-Id", header);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private String url(String path) {
    return "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port") + path;
  }

  private static boolean isOf(JsonNode segment, String root) {
    return segment.path("trace_id").asString("").equals(root);
  }
}
