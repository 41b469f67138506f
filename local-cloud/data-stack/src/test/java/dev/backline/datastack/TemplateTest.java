package dev.backline.datastack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.backline.datastack.Creation.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTest {

  @TempDir Path directory;

  @Test
  void theTemplateOfTheSuiteIsUnderstood() {
    var stack = DataStack.read(Path.of("../../infra/templates/data.json"));

    assertThat(stack.tableNames()).containsExactly("links", "link-stats", "campaign-previews");
    assertThat(stack.queueNames())
        .contains("clicks", "clicks-dlq", "campaign-changes", "campaign-changes-dlq");
    assertThat(stack.topicNames()).containsExactly("campaign-events");
    assertThat(stack.bucketNames()).containsExactly("site", "images");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "not json | is not JSON",
        "{} | has no Resources",
        "{\"Resources\":{\"Site\":{\"Type\":\"AWS::CloudFront::Distribution\"}}} | Site (AWS::CloudFront::Distribution): this type is not supported",
        "{\"Resources\":{\"Clicks\":{\"Type\":\"AWS::SQS::Queue\",\"Properties\":{\"QueueNam\":\"x\"}}}} | Clicks (AWS::SQS::Queue): the property QueueNam",
      })
  void whatIsNotUnderstoodIsNamed(String template, String problem) throws IOException {
    var file = Files.writeString(directory.resolve("data.json"), template);

    assertThatExceptionOfType(InvalidTemplateException.class)
        .isThrownBy(() -> DataStack.read(file))
        .withMessageContaining(problem);
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatExceptionOfType(InvalidTemplateException.class)
        .isThrownBy(() -> DataStack.read(directory.resolve("none.json")))
        .withMessageContaining("none.json cannot be read");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"Fn::GetAtt\":[\"Clicks\",\"Arn\"]} | arn of Clicks",
        "{\"Fn::GetAtt\":\"Clicks.Arn\"} | arn of Clicks",
        "{\"Ref\":\"Clicks\"} | ref of Clicks",
        "\"text\" | text",
      })
  void referencesBecomeWhatTheyName(String value, String resolved) throws IOException {
    var resource = resourceWith(value);

    assertThat(
            new References((from, id) -> new Identity("ref of " + id, "arn of " + id))
                .resolve(resource)
                .path("QueueName")
                .asString())
        .isEqualTo(resolved);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"Fn::GetAtt\":[\"Clicks\",\"QueueUrl\"]} | Fn::GetAtt Clicks.QueueUrl is not supported",
        "{\"Fn::GetAtt\":[\"Clicks\"]} | needs a logical id and an attribute",
        "{\"Fn::Sub\":\"${x}\"} | Fn::Sub is not supported",
        "{\"Ref\":\"AWS::Region\"} | AWS::Region is not supported",
      })
  void aReferenceThatIsNotUnderstoodIsNamed(String value, String problem) throws IOException {
    var resource = resourceWith(value);

    assertThatExceptionOfType(InvalidTemplateException.class)
        .isThrownBy(() -> new References((from, id) -> new Identity(id, id)).resolve(resource))
        .withMessageContaining("Q (AWS::SQS::Queue)")
        .withMessageContaining(problem);
  }

  private Template.Resource resourceWith(String value) throws IOException {
    var file =
        Files.writeString(
            directory.resolve("data.json"),
            "{\"Resources\":{\"Q\":{\"Type\":\"AWS::SQS::Queue\",\"Properties\":{\"QueueName\":"
                + value
                + "}}}}");
    return Template.read(file).resources().values().iterator().next();
  }
}
