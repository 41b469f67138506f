package dev.backline.desk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * The summary of {@code make test}: adds up all Surefire and Failsafe reports below a directory and
 * lists what failed.
 *
 * <p>Started from its source file, since it has to work where the build did not; so it uses the JDK
 * only.
 */
public final class TestSummary {

  private static final int MESSAGE_LENGTH = 300;

  /** One test that did not pass. */
  record Failure(String test, String message, Path report) {}

  private final List<Failure> failures = new ArrayList<>();
  private int tests;
  private int skipped;

  /** Takes the root directory; exits with 1 when a test failed. */
  public static void main(String[] arguments) throws IOException {
    var summary = new TestSummary();
    Path root = Path.of(arguments.length > 0 ? arguments[0] : ".");
    summary.addAllBelow(root);
    summary.lines(root).forEach(System.out::println);
    System.exit(summary.hasFailed() ? 1 : 0);
  }

  void addAllBelow(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(TestSummary::isReport).sorted().toList()) {
        try {
          add(file);
        } catch (XMLStreamException cutOff) {
          // Its writer was killed, and with it some test.
          failures.add(
              new Failure(file.getFileName().toString(), "the report ends half-way", file));
          tests++;
        }
      }
    }
  }

  boolean hasFailed() {
    return !failures.isEmpty();
  }

  /** What to show; the last line is exactly {@code N passed, N failed, N skipped}. */
  List<String> lines(Path root) {
    var lines = new ArrayList<String>();
    for (Failure failure : failures) {
      lines.add("FAILED " + failure.test());
      lines.add("       " + failure.message());
      lines.add("       " + root.relativize(failure.report()));
    }
    lines.add(
        "%d passed, %d failed, %d skipped"
            .formatted(tests - failures.size() - skipped, failures.size(), skipped));
    return lines;
  }

  private static boolean isReport(Path file) {
    String folder = file.getParent() == null ? "" : String.valueOf(file.getParent().getFileName());
    String name = file.getFileName().toString();
    return (folder.equals("surefire-reports") || folder.equals("failsafe-reports"))
        && name.startsWith("TEST-")
        && name.endsWith(".xml");
  }

  private void add(Path report) throws IOException, XMLStreamException {
    XMLInputFactory factory = XMLInputFactory.newFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    try (InputStream content = Files.newInputStream(report)) {
      XMLStreamReader xml = factory.createXMLStreamReader(content);
      String test = "";
      boolean told = false;
      while (xml.hasNext()) {
        if (xml.next() != XMLStreamConstants.START_ELEMENT) {
          continue;
        }
        switch (xml.getLocalName()) {
          case "testcase" -> {
            tests++;
            told = false;
            test = text(xml, "classname") + "." + text(xml, "name");
          }
          case "skipped" -> skipped++;
          case "failure", "error" -> {
            if (!told) {
              failures.add(new Failure(test, message(xml), report));
              told = true;
            }
          }
          default -> {}
        }
      }
    }
  }

  private static String message(XMLStreamReader xml) {
    String message = text(xml, "message").strip();
    String shown = (message.isEmpty() ? text(xml, "type") : message).replaceAll("\\s+", " ");
    return shown.length() > MESSAGE_LENGTH ? shown.substring(0, MESSAGE_LENGTH) + " ..." : shown;
  }

  private static String text(XMLStreamReader xml, String attribute) {
    String value = xml.getAttributeValue(null, attribute);
    return value == null ? "" : value;
  }
}
