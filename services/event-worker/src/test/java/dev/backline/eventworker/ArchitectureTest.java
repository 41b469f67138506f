package dev.backline.eventworker;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import dev.backline.architecture.ArchitectureRules;

@AnalyzeClasses(packagesOf = EventWorkerApplication.class, importOptions = DoNotIncludeTests.class)
class ArchitectureTest extends ArchitectureRules {}
