package dev.backline.architecture;

import com.tngtech.archunit.junit.AnalyzeClasses;
import dev.backline.architecture.fixtures.clean.CleanApplication;

/** The test class as a service writes it. */
@AnalyzeClasses(packagesOf = CleanApplication.class)
class CleanServiceArchitectureTest extends ArchitectureRules {}
