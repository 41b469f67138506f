package dev.backline.infra.alarms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.infra.Synthesis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RunbookTest {

  private static final Path RUNBOOKS = Path.of("..", "docs", "runbooks");
  private static final Pattern LINK = Pattern.compile("/docs/runbooks/([a-z-]+\\.md)");

  @Test
  void everyAlarmNamesARunbookThatExists() {
    for (String stack : Synthesis.get().stacks()) {
      assertThat(Synthesis.get().resources(stack, "AWS::CloudWatch::Alarm"))
          .allSatisfy(
              (id, alarm) ->
                  assertThat(links(alarm.at("/Properties/AlarmDescription").asString()))
                      .as(id)
                      .hasSize(1)
                      .allMatch(page -> Files.exists(RUNBOOKS.resolve(page))));
    }
  }

  @Test
  void everyRunbookBelongsToSomethingThatTellsOfIt() throws IOException {
    var told = new TreeSet<String>();
    Synthesis.get()
        .stacks()
        .forEach(stack -> told.addAll(links(Synthesis.get().json(stack).toString())));
    // A budget's notice has no text of ours.
    if (!Synthesis.get().resources("prod-ops", "AWS::Budgets::Budget").isEmpty()) {
      told.add(Runbook.BUDGET.page());
    }
    try (var pages = Files.list(RUNBOOKS)) {
      assertThat(
              pages
                  .map(page -> page.getFileName().toString())
                  .filter(page -> !page.equals("README.md")))
          .containsExactlyInAnyOrderElementsOf(told)
          .containsExactlyInAnyOrderElementsOf(
              Arrays.stream(Runbook.values()).map(Runbook::page).toList());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRunbookSaysWhatItMeansWhatToLookAtAndWhatToDo(Runbook runbook) throws IOException {
    var headings =
        Files.readAllLines(RUNBOOKS.resolve(runbook.page())).stream()
            .filter(line -> line.startsWith("## "))
            .map(line -> line.substring(3));

    assertThat(headings).containsSequence("What it means", "Look at", "Do");
  }

  @ParameterizedTest
  @EnumSource
  void theListOfRunbooksHasEachOfThem(Runbook runbook) throws IOException {
    assertThat(Files.readString(RUNBOOKS.resolve("README.md")))
        .contains("](" + runbook.page() + ")");
  }

  private static Set<String> links(String text) {
    var pages = new TreeSet<String>();
    LINK.matcher(text).results().forEach(link -> pages.add(link.group(1)));
    return pages;
  }
}
