package dev.backline.eventworker.campaign.cloudfront;

import dev.backline.eventworker.campaign.CampaignChange;
import dev.backline.eventworker.campaign.Edge;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.springframework.web.util.UriUtils;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;

/** Invalidates {@code /campaigns/<slug>} of one distribution. */
final class CloudFrontEdge implements Edge {

  private final CloudFrontClient cloudFront;
  private final String distributionId;

  CloudFrontEdge(CloudFrontClient cloudFront, String distributionId) {
    this.cloudFront = cloudFront;
    this.distributionId = distributionId;
  }

  @Override
  public void forget(CampaignChange change) {
    String path = "/campaigns/" + UriUtils.encode(change.slug(), StandardCharsets.UTF_8);
    cloudFront.createInvalidation(
        request ->
            request
                .distributionId(distributionId)
                .invalidationBatch(
                    batch ->
                        batch
                            .callerReference(reference(change))
                            .paths(paths -> paths.quantity(1).items(path))));
  }

  /**
   * CloudFront answers a known reference with the invalidation it made before, so a repeat costs
   * nothing.
   */
  private static String reference(CampaignChange change) {
    byte[] slugAndVersion =
        "%s#%d".formatted(change.slug(), change.version()).getBytes(StandardCharsets.UTF_8);
    return "campaign-" + UUID.nameUUIDFromBytes(slugAndVersion);
  }
}
