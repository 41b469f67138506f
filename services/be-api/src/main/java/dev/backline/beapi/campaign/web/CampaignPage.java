package dev.backline.beapi.campaign.web;

import dev.backline.beapi.campaign.Campaign;
import dev.backline.beapi.input.Page;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

record CampaignPage(
    List<CampaignView> items,
    @Schema(description = "Send it as cursor to get the next page; null on the last one")
        @Nullable String nextCursor) {

  static CampaignPage of(Page<Campaign> page) {
    var next = page.next();
    return new CampaignPage(
        page.items().stream().map(CampaignView::of).toList(), next == null ? null : next.token());
  }
}
