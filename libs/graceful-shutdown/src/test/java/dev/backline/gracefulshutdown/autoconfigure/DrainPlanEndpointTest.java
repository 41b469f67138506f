package dev.backline.gracefulshutdown.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import dev.backline.gracefulshutdown.autoconfigure.DrainedApplication.Running;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class DrainPlanEndpointTest {

  @Test
  void thePlanShowsEachStepEachWorkAndWhatIsInFlight() throws Exception {
    try (Running app =
            DrainedApplication.start(
                "--backline.shutdown.lame-duck=0s",
                "--management.endpoints.web.exposure.include=drainplan");
        HttpClient client = HttpClient.newHttpClient()) {
      var slow = client.sendAsync(request(app, "/slow"), BodyHandlers.ofString());
      app.endpoints().entered.await();

      String plan =
          client.send(request(app, "/actuator/drainplan"), BodyHandlers.ofString()).body();

      assertThat(JsonPath.<String>read(plan, "$.killedBy")).isEqualTo("PT30S");
      assertThat(JsonPath.<String>read(plan, "$.drainedBy")).isEqualTo("PT25S");
      assertThat(JsonPath.<Boolean>read(plan, "$.stopping")).isFalse();
      assertThat(JsonPath.<List<String>>read(plan, "$.steps[*].name"))
          .containsExactly("lame-duck", "requests", "drain", "give-back", "flush", "close");
      assertThat(JsonPath.<List<String>>read(plan, "$.steps[*].endsBy"))
          .containsExactly("PT0S", "PT22S", "PT22S", "PT23.5S", "PT25S", "PT30S");
      assertThat(inFlight(plan, "http-requests")).as("the probe's own does not count").isEqualTo(1);
      assertThat(inFlight(plan, "tasks")).isZero();
      assertThat(
              JsonPath.<List<String>>read(
                  plan, "$.works[?(@.name=='scheduled-tasks')].stopsIntake"))
          .containsExactly("WITH_LAME_DUCK");
      app.endpoints().open.countDown();
      assertThat(slow.get().statusCode()).isEqualTo(200);
    }
  }

  @Test
  void itIsNotExposedUnlessAskedFor() throws Exception {
    try (Running app = DrainedApplication.start("--backline.shutdown.lame-duck=0s");
        HttpClient client = HttpClient.newHttpClient()) {
      assertThat(
              client
                  .send(request(app, "/actuator/drainplan"), BodyHandlers.discarding())
                  .statusCode())
          .isEqualTo(404);
    }
  }

  private static int inFlight(String plan, String work) {
    return JsonPath.<List<Integer>>read(plan, "$.works[?(@.name=='" + work + "')].inFlight")
        .getFirst();
  }

  private static HttpRequest request(Running app, String path) {
    return HttpRequest.newBuilder(URI.create(app.url() + path)).build();
  }
}
