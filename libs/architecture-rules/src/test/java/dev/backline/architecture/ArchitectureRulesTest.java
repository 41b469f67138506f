package dev.backline.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureRulesTest {

  private static final JavaClasses CLEAN =
      new ClassFileImporter().importPackages("dev.backline.architecture.fixtures.clean");
  private static final JavaClasses OFFENDING =
      new ClassFileImporter().importPackages("dev.backline.architecture.fixtures.offending");

  static Stream<Arguments> offenders() {
    return Stream.of(
        Arguments.of("featuresKnowNoTechnology", List.of("KnowsJdbc", "CallsKeys")),
        Arguments.of("featuresDoNotKnowTheirAdapters", List.of("KnowsItsAdapter")),
        Arguments.of("featuresAreFreeOfCycles", List.of("Ping", "Pong")),
        Arguments.of(
            "nothingCallsKeys", List.of("ofTheTemplate", "ofTheConnection", "byReference")),
        Arguments.of("onlyTheTracingLibraryKnowsXRay", List.of("KnowsXRay")),
        Arguments.of("packagesAreNamedByWhatTheyDo", List.of("StringUtil")),
        Arguments.of("packagesAreNullMarked", List.of("offending.unmarked")),
        Arguments.of("dependenciesComeThroughConstructors", List.of("FieldInjection")),
        Arguments.of("nothingUsesJavaUtilLogging", List.of("LogsElsewhere")),
        Arguments.of("nothingWritesToStandardStreams", List.of("LogsElsewhere")));
  }

  @ParameterizedTest
  @MethodSource("offenders")
  void aRuleNamesWhoBreaksIt(String rule, List<String> culprits) {
    String report =
        String.join("\n", rule(rule).evaluate(OFFENDING).getFailureReport().getDetails());

    assertThat(report).contains(culprits);
  }

  @Test
  void aRuleThatCannotFailIsNoRule() {
    List<String> provenToFail = offenders().map(arguments -> (String) arguments.get()[0]).toList();

    assertThat(rules()).containsExactlyInAnyOrderElementsOf(provenToFail);
  }

  @Test
  void theRootAndConfigMayWireEverythingTogether() {
    assertThat(rule("featuresKnowNoTechnology").evaluate(CLEAN).hasViolation()).isFalse();
  }

  @Test
  void rulesHoldForClassesOutsideOfAnyApplication() {
    JavaClasses library =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.backline.architecture");

    assertThat(rules()).allSatisfy(name -> rule(name).check(library));
  }

  private static List<String> rules() {
    return Arrays.stream(ArchitectureRules.class.getDeclaredFields())
        .filter(field -> field.getType().equals(ArchRule.class))
        .map(Field::getName)
        .toList();
  }

  private static ArchRule rule(String name) {
    try {
      return (ArchRule) ArchitectureRules.class.getField(name).get(null);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }
}
