package dev.backline.infra.data;

import dev.backline.infra.EnvConfig;
import dev.backline.infra.InfraApp;
import dev.backline.infra.Organization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import software.amazon.awscdk.BootstraplessSynthesizer;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;

/**
 * The template from which local clouds create the data stack: that of an environment without what
 * only an account has, which is names' prefixes, access logs and the CDK's own parameters.
 */
final class DeskTemplate {

  private static final DataResources.Naming AS_THEY_ARE =
      new DataResources.Naming() {
        @Override
        public String prefix() {
          return "";
        }

        @Override
        public String bucket(String name) {
          return name;
        }
      };

  private DeskTemplate() {}

  /** The text of {@code infra/templates/data.json}. */
  static String synthesize(Path directory) {
    var app = InfraApp.app(directory, InfraApp.context());
    var stack =
        new Stack(
            app,
            "data",
            StackProps.builder()
                .description(
                    "Backline data stack: DynamoDB, SQS, SNS and S3. Local clouds create their resources from this file. Generated: make templates")
                .env(
                    Environment.builder()
                        .account(Organization.ACCOUNT)
                        .region(Organization.REGION)
                        .build())
                .synthesizer(new BootstraplessSynthesizer())
                .build());
    new DataResources(stack, AS_THEY_ARE, List.of(EnvConfig.EDGE_REGION), true, null);
    app.synth();
    try {
      return Files.readString(directory.resolve("data.template.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
