package dev.backline.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

/**
 * What every service keeps to. A service executes all of it with one test class:
 *
 * <pre>{@code
 * @AnalyzeClasses(packagesOf = RedirectorApplication.class, importOptions = DoNotIncludeTests.class)
 * class ArchitectureTest extends ArchitectureRules {}
 * }</pre>
 *
 * <p>The root package is the one of the {@code @SpringBootApplication} class. The packages directly
 * below it are the features, except {@code config}, which like the root wires things together and
 * may know everything. A package below a feature that is named by what it speaks is an adapter.
 */
public abstract class ArchitectureRules {

  /** Domain and use cases can be read, tested and moved without any of these. */
  @ArchTest
  public static final ArchRule featuresKnowNoTechnology =
      noClasses()
          .that(Layout.ARE_IN_A_FEATURE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "software.amazon.awssdk..",
              "io.awspring.cloud..",
              "jakarta.servlet..",
              "java.sql..",
              "javax.sql..",
              "org.springframework.jdbc..",
              "org.springframework.data.jdbc..",
              "org.springframework.data.redis..",
              "io.lettuce..")
          .because("technology belongs into an adapter package, one level below the feature")
          .allowEmptyShould(true);

  /** Arrows point inward. */
  @ArchTest
  public static final ArchRule featuresDoNotKnowTheirAdapters =
      classes()
          .that(Layout.ARE_IN_A_FEATURE)
          .should(Layout.NOT_DEPEND_ON_ADAPTERS)
          .because("the adapter knows the feature, never the other way round")
          .allowEmptyShould(true);

  @ArchTest
  public static final ArchRule featuresAreFreeOfCycles =
      SlicesRuleDefinition.slices()
          .assignedFrom(Layout.FEATURES)
          .should()
          .beFreeOfCycles()
          .because("features in a cycle can only be understood, changed and moved together")
          .allowEmptyShould(true);

  /** KEYS visits every key of the server and blocks it meanwhile; HKEYS of one hash is fine. */
  @ArchTest
  public static final ArchRule nothingCallsKeys =
      noClasses()
          .should()
          .accessTargetWhere(Calls.KEYS_OF_REDIS)
          .because("KEYS blocks Redis; use KeyScanner of redis-keyspace")
          .allowEmptyShould(true);

  /** So that the backend can be changed in one place when the SDK ends. */
  @ArchTest
  public static final ArchRule onlyTheTracingLibraryKnowsXRay =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.backline.xraytracing..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.amazonaws.xray..")
          .because("the code uses Micrometer Observation and TraceContext")
          .allowEmptyShould(true);

  /** Such a name says nothing about what is inside, so anything ends up there. */
  @ArchTest
  public static final ArchRule packagesAreNamedByWhatTheyDo =
      noClasses()
          .should()
          .resideInAnyPackage(
              "..util..",
              "..utils..",
              "..common..",
              "..helper..",
              "..helpers..",
              "..manager..",
              "..managers..",
              "..impl..")
          .because("a package is named by its feature or by what it speaks")
          .allowEmptyShould(true);

  @ArchTest
  public static final ArchRule packagesAreNullMarked =
      classes()
          .should(Layout.RESIDE_IN_A_NULL_MARKED_PACKAGE)
          .because("NullAway checks only what is marked")
          .allowEmptyShould(true);

  @ArchTest
  public static final ArchRule dependenciesComeThroughConstructors =
      GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION.allowEmptyShould(true);

  @ArchTest
  public static final ArchRule nothingUsesJavaUtilLogging =
      GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.allowEmptyShould(true);

  /** A line there is not JSON and has no trace id. */
  @ArchTest
  public static final ArchRule nothingWritesToStandardStreams =
      GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.allowEmptyShould(true);

  protected ArchitectureRules() {}
}
