package dev.backline.localcloud.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

class DiffersTest {

  @LocalCloud(shared = "contract")
  static class Statements {

    @Test
    @Differs(on = "embedded", how = "fails")
    @Differs(on = "localstack", how = "fails")
    @Differs(on = "floci", how = "fails")
    @Differs(on = "external", how = "fails")
    void fails() {
      throw new AssertionError("as it is known to");
    }

    @Test
    @Differs(on = "embedded", how = "fails")
    @Differs(on = "localstack", how = "fails")
    @Differs(on = "floci", how = "fails")
    @Differs(on = "external", how = "fails")
    void hasBeenLearned() {}

    @Test
    @Differs(on = "another", how = "fails")
    void holdsHere() {}
  }

  @Test
  void aKnownDifferenceIsSkippedUntilItIsGone() {
    var listener = new SummaryGeneratingListener();
    var request =
        LauncherDiscoveryRequestBuilder.request().selectors(selectClass(Statements.class)).build();

    LauncherFactory.create().execute(request, listener);

    var summary = listener.getSummary();
    assertThat(summary.getTestsAbortedCount()).isOne();
    assertThat(summary.getTestsSucceededCount()).isOne();
    assertThat(summary.getFailures())
        .singleElement()
        .satisfies(
            failure -> {
              assertThat(failure.getTestIdentifier().getDisplayName())
                  .isEqualTo("hasBeenLearned()");
              assertThat(failure.getException()).hasMessageContaining("remove @Differs");
            });
  }
}
