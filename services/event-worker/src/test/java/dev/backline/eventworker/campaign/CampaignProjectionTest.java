package dev.backline.eventworker.campaign;

import static dev.backline.eventworker.campaign.CampaignPreviews.Outcome.APPLIED;
import static dev.backline.eventworker.campaign.CampaignPreviews.Outcome.INVISIBLE;
import static dev.backline.eventworker.campaign.CampaignPreviews.Outcome.OUTDATED;
import static dev.backline.eventworker.campaign.CampaignPreviews.Outcome.REPEATED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class CampaignProjectionTest {

  private final Deque<CampaignPreviews.Outcome> outcomes = new ArrayDeque<>();
  private final List<Long> forgotten = new ArrayList<>();
  private boolean edgeFails;

  private final CampaignProjection projection =
      new CampaignProjection(
          change -> outcomes.removeFirst(),
          change -> {
            if (edgeFails) {
              throw new IllegalStateException("too many invalidations in progress");
            }
            forgotten.add(change.version());
          },
          new SimpleMeterRegistry());

  @Test
  void anEdgeThatFailsIsAskedAgainByTheNextDelivery() {
    edgeFails = true;
    outcomes.add(APPLIED);
    assertThatIllegalStateException().isThrownBy(() -> project(1));
    edgeFails = false;
    outcomes.add(REPEATED);
    project(1);
    assertThat(forgotten).containsExactly(1L);
  }

  @Test
  void whatNobodySeesIsNotInvalidated() {
    outcomes.addAll(List.of(INVISIBLE, OUTDATED));
    project(1);
    project(1);
    assertThat(forgotten).isEmpty();
  }

  private void project(long version) {
    projection.project(CampaignEvents.event("slug", "published", version));
  }
}
