package dev.backline.beapi;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import dev.backline.architecture.ArchitectureRules;

@AnalyzeClasses(packagesOf = BeApiApplication.class, importOptions = DoNotIncludeTests.class)
class ArchitectureTest extends ArchitectureRules {}
