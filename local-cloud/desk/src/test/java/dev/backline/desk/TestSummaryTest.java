package dev.backline.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestSummaryTest {

  @TempDir Path root;

  @Test
  void reportsOfAllModulesAreAddedUp() throws Exception {
    report("a/target/surefire-reports/TEST-A.xml", "<testcase name='one' classname='A'/>");
    report(
        "b/target/surefire-reports/TEST-B.xml",
        "<testcase name='two' classname='B'/><testcase name='three' classname='B'><skipped/></testcase>");
    report("b/target/other/TEST-C.xml", "<testcase name='four' classname='C'/>");

    assertThat(summary()).containsExactly("2 passed, 0 failed, 1 skipped");
  }

  @Test
  void failedTestsAreListedWithMessageAndFile() throws Exception {
    report(
        "a/target/surefire-reports/TEST-A.xml",
        """
        <testcase name='one' classname='A'><failure message='expected: 1&#10;but was: 2' type='E'>trace</failure></testcase>
        <testcase name='two' classname='A'><error type='java.io.IOException'>trace</error></testcase>
        <testcase name='three' classname='A'/>""");

    assertThat(summary())
        .containsExactly(
            "FAILED A.one",
            "       expected: 1 but was: 2",
            "       a/target/surefire-reports/TEST-A.xml",
            "FAILED A.two",
            "       java.io.IOException",
            "       a/target/surefire-reports/TEST-A.xml",
            "1 passed, 2 failed, 0 skipped");
  }

  @Test
  void aReportThatWasCutOffIsAFailure() throws Exception {
    Path report = root.resolve("a/target/surefire-reports/TEST-A.xml");
    Files.createDirectories(report.getParent());
    Files.writeString(report, "<testsuite><testcase name='one' classname='A'/>");

    assertThat(summary()).last().isEqualTo("1 passed, 1 failed, 0 skipped");
  }

  private void report(String path, String testCases) throws IOException {
    Path report = root.resolve(path);
    Files.createDirectories(report.getParent());
    Files.writeString(report, "<testsuite>" + testCases + "</testsuite>");
  }

  private List<String> summary() throws IOException {
    var summary = new TestSummary();
    summary.addAllBelow(root);
    return summary.lines(root);
  }
}
