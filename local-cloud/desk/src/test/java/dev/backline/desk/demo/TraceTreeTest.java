package dev.backline.desk.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class TraceTreeTest {

  @Test
  void segmentsStandBelowWhatCalledThem() {
    var segments =
        JsonMapper.shared()
            .readTree(
                """
                [{"id":"3","parent_id":"2","name":"event-worker","start_time":10.5,"end_time":10.52,"fault":true,
                  "subsegments":[{"id":"4","name":"DynamoDb","start_time":10.51,"end_time":10.515,
                    "aws":{"operation":"TransactWriteItems"}}]},
                 {"id":"1","name":"redirector","start_time":10.0,"end_time":10.0042,
                  "http":{"request":{"method":"GET","url":"http://127.0.0.1:8082/abc"},"response":{"status":302}},
                  "subsegments":[
                    {"id":"2","name":"SQS","start_time":10.003,"end_time":10.004,"aws":{"operation":"SendMessage"}},
                    {"id":"5","name":"DynamoDb","start_time":10.001,"end_time":10.002,
                     "aws":{"operation":"GetItem","table_name":"links"},"http":{"response":{"status":200}}}]}]""");

    assertThat(TraceTree.of(segments))
        .containsExactly(
            "redirector GET /abc 302  4.2 ms",
            "  DynamoDb GetItem links 200  1.0 ms",
            "  SQS SendMessage  1.0 ms",
            "    event-worker  20.0 ms  fault",
            "      DynamoDb TransactWriteItems  5.0 ms");
  }

  @Test
  void aSegmentWhoseCallerIsUnknownStandsAlone() {
    var segments =
        JsonMapper.shared()
            .readTree(
                "[{\"id\":\"1\",\"parent_id\":\"balancer\",\"name\":\"redirector\",\"start_time\":1,\"end_time\":1}]");

    assertThat(TraceTree.of(segments)).containsExactly("redirector  0.0 ms");
  }
}
