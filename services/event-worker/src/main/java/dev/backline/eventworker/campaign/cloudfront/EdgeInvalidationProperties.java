package dev.backline.eventworker.campaign.cloudfront;

import jakarta.validation.constraints.AssertTrue;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Removal of outdated pages from the edge.
 *
 * @param enabled whether a campaign's page is invalidated when its preview changes. Default false:
 *     not every deployment has one, and without it pages are as old as their cache time at most.
 * @param distributionId the web distribution; required when enabled
 */
@Validated
@ConfigurationProperties("backline.edge.invalidation")
public record EdgeInvalidationProperties(
    @DefaultValue("false") boolean enabled, @Nullable String distributionId) {

  @AssertTrue(message = "backline.edge.invalidation.distribution-id is required when it is enabled")
  public boolean isDistributionKnownWhereNeeded() {
    return !enabled || (distributionId != null && !distributionId.isBlank());
  }
}
