package dev.backline.xraytracing;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;

@AnalyzeClasses(packages = "dev.backline.xraytracing", importOptions = DoNotIncludeTests.class)
class CoreTest {

  @ArchTest
  static final ArchRule onlyTheAutoConfigurationKnowsSpring =
      ArchRuleDefinition.noClasses()
          .that()
          .haveNameNotMatching(".*XRayTracing(AutoConfiguration|Properties).*")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.springframework..", "io.awspring..");

  @ArchTest
  static final ArchRule whatATeamUsesKnowsNoXRay =
      ArchRuleDefinition.noClasses()
          .that()
          .haveSimpleName("TraceContext")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.amazonaws..");
}
