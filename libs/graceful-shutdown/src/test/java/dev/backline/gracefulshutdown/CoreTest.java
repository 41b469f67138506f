package dev.backline.gracefulshutdown;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;

@AnalyzeClasses(packages = "dev.backline.gracefulshutdown", importOptions = DoNotIncludeTests.class)
class CoreTest {

  @ArchTest
  static final ArchRule theCoreKnowsNothingButTheJdk =
      ArchRuleDefinition.classes()
          .that()
          .resideInAPackage("dev.backline.gracefulshutdown")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("dev.backline.gracefulshutdown", "java..", "org.jspecify..");
}
