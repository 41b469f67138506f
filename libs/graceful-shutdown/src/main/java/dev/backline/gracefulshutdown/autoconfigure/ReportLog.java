package dev.backline.gracefulshutdown.autoconfigure;

import dev.backline.gracefulshutdown.LameDuck;
import dev.backline.gracefulshutdown.ShutdownReport;
import dev.backline.gracefulshutdown.WorkOutcome;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Writes the report as one line, whose parts are members of it where logs are JSON. */
final class ReportLog implements Consumer<ShutdownReport> {

  private static final Logger log = LoggerFactory.getLogger(ReportLog.class);

  @Override
  public void accept(ShutdownReport report) {
    LameDuck lameDuck = report.lameDuck();
    var line =
        log.atLevel(report.complete() ? Level.INFO : Level.WARN)
            .addKeyValue("elapsedMs", report.elapsed().toMillis())
            .addKeyValue("leftMs", report.left().toMillis())
            .addKeyValue("lameDuckRequests", lameDuck == null ? 0 : lameDuck.requests())
            .addKeyValue("stepsMs", stepMillis(report))
            .addKeyValue("works", report.works().stream().map(WorkOutcome::toString).toList());
    if (report.complete()) {
      line.log("Shutdown: everything drained in {} ms", report.elapsed().toMillis());
    } else {
      List<WorkOutcome> cutOff = report.works().stream().filter(work -> !work.complete()).toList();
      line.log(
          "Shutdown: not everything drained in {} ms: {}{}",
          report.elapsed().toMillis(),
          cutOff.stream().map(WorkOutcome::toString).collect(Collectors.joining("; ")),
          cutOff.stream()
              .flatMap(
                  work ->
                      work.threads().stream().map(thread -> "\n" + work.name() + " in " + thread))
              .collect(Collectors.joining()));
    }
  }

  private static Map<String, Long> stepMillis(ShutdownReport report) {
    return report.steps().stream()
        .collect(
            Collectors.toMap(
                ShutdownReport.Step::name,
                step -> step.elapsed().toMillis(),
                Long::sum,
                java.util.LinkedHashMap::new));
  }
}
