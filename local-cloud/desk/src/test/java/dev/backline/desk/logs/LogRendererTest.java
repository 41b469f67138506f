package dev.backline.desk.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class LogRendererTest {

  private final LogRenderer plain = new LogRenderer(false, ZoneOffset.UTC);

  @Test
  void aLogstashLineShowsTimeLevelMessageLoggerAndTrace() {
    assertThat(
            plain.apply(
                """
                {"@timestamp":"2026-11-22T19:00:01.25+09:00","@version":"1","message":"Created 짧은 link",\
                "logger_name":"dev.backline.beapi.link.Links","thread_name":"t","level":"INFO","level_value":20000,\
                "traceId":"1-6b02d1f1-020270acbcfc619610691a01"}"""))
        .isEqualTo(
            "10:00:01.250 INFO  Created 짧은 link  Links  1-6b02d1f1-020270acbcfc619610691a01");
  }

  @Test
  void anEcsLineShowsTheSame() {
    assertThat(
            plain.apply(
                """
                {"@timestamp":"2026-11-22T10:00:01.250Z","log":{"level":"WARN","logger":"a.B"},"message":"Slow",\
                "ecs":{"version":"8.11"}}"""))
        .isEqualTo("10:00:01.250 WARN  Slow  B");
  }

  @Test
  void aLineOfTheEdgeShowsTheSame() {
    assertThat(
            plain.apply(
                """
                {"time":"2026-11-22T10:00:01.250Z","level":"info","function":"og-tags","message":"Answered a preview"}"""))
        .isEqualTo("10:00:01.250 INFO  Answered a preview  og-tags");
  }

  @Test
  void aStackTraceStaysBelowItsMessage() {
    assertThat(
            plain.apply(
                """
                {"@timestamp":"2026-11-22T10:00:01Z","level":"ERROR","message":"Failed",\
                "stack_trace":"java.io.IOException: no\\n\\tat a.B.c(B.java:1)\\n"}"""))
        .isEqualTo("10:00:01.000 ERROR Failed\njava.io.IOException: no\n\tat a.B.c(B.java:1)");
  }

  @Test
  void whatIsNotALogLineStaysAsItIs() {
    assertThat(plain.apply("Picked up JAVA_TOOL_OPTIONS: -Dx"))
        .isEqualTo("Picked up JAVA_TOOL_OPTIONS: -Dx");
    assertThat(plain.apply("{ half")).isEqualTo("{ half");
    assertThat(plain.apply("{\"code\":\"abc\"}")).isEqualTo("{\"code\":\"abc\"}");
    assertThat(plain.apply("")).isEmpty();
  }

  @Test
  void controlCharactersInAMessageDoNotReachTheTerminal() {
    assertThat(
            plain.apply(
                "{\"level\":\"INFO\",\"message\":\"a\\u001b[2Jb\\rc\",\"@timestamp\":\"2026-11-22T10:00:01Z\"}"))
        .isEqualTo("10:00:01.000 INFO  a\uFFFD[2Jb\uFFFDc");
  }

  @Test
  void coloursMarkTheLevelWhereTheyAreWanted() {
    var coloured = new LogRenderer(true, ZoneId.of("Asia/Seoul"));

    assertThat(
            coloured.apply(
                "{\"level\":\"ERROR\",\"message\":\"m\",\"@timestamp\":\"2026-11-22T10:00:01Z\"}"))
        .contains("19:00:01.000", "\u001b[31mERROR\u001b[0m");
    assertThat(plain.apply("{\"level\":\"ERROR\",\"message\":\"m\"}")).doesNotContain("\u001b");
  }
}
