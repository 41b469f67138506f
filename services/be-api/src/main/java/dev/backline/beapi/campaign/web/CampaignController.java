package dev.backline.beapi.campaign.web;

import dev.backline.beapi.campaign.Campaign;
import dev.backline.beapi.campaign.Campaigns;
import dev.backline.beapi.campaign.Slug;
import dev.backline.beapi.input.Cursor;
import dev.backline.beapi.input.web.Preconditions;
import dev.backline.beapi.security.Scopes;
import dev.backline.servicedefaults.Problems;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriUtils;

@RestController
@RequestMapping("/api/campaigns")
@Tag(name = "Campaigns", description = "Concert campaigns: draft, then published, then closed.")
class CampaignController {

  private static final String IF_MATCH = "The ETag that was read with the campaign";

  private final Campaigns campaigns;

  CampaignController(Campaigns campaigns) {
    this.campaigns = campaigns;
  }

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      summary = "Create a draft",
      description = "409 `campaign-exists` when the slug is taken.")
  ResponseEntity<CampaignView> create(@RequestBody CampaignRequest request) {
    var campaign = campaigns.create(Slug.of("slug", request.slug()), request.details());
    var location =
        "/api/campaigns/"
            + UriUtils.encodePathSegment(campaign.slug().value(), StandardCharsets.UTF_8);
    return ResponseEntity.status(201)
        .header(HttpHeaders.LOCATION, location)
        .eTag(Preconditions.tag(campaign.version()))
        .body(CampaignView.of(campaign));
  }

  @GetMapping("/{slug}")
  @SecurityRequirements
  @Operation(
      summary = "Read a campaign",
      description =
          "Published and closed campaigns are public; drafts need the scope `campaigns:write`.")
  ResponseEntity<CampaignView> get(@PathVariable String slug, @Nullable Authentication caller) {
    return answer(campaigns.get(slug(slug), Scopes.has(caller, Scopes.CAMPAIGNS_WRITE)));
  }

  @GetMapping
  @SecurityRequirements
  @Operation(
      summary = "List campaigns, newest first",
      description = "Drafts are listed for `campaigns:write` only.")
  CampaignPage list(
      @Parameter(description = "Only campaigns in exactly this city")
          @RequestParam(required = false)
          @Nullable String city,
      @Parameter(description = "nextCursor of the page before") @RequestParam(required = false)
          @Nullable String cursor,
      @Parameter(description = "1 to 100") @RequestParam(defaultValue = "20") int limit,
      @Nullable Authentication caller) {
    boolean drafts = Scopes.has(caller, Scopes.CAMPAIGNS_WRITE);
    return CampaignPage.of(campaigns.list(city, drafts, Cursor.parse(cursor), limit));
  }

  @PutMapping("/{slug}")
  @Operation(
      summary = "Replace the details",
      description =
          "Needs If-Match: 428 without it, 412 when the campaign has changed since. Closed campaigns stay as they are.")
  ResponseEntity<CampaignView> replace(
      @PathVariable String slug,
      @Parameter(description = IF_MATCH, required = true)
          @RequestHeader(name = HttpHeaders.IF_MATCH, required = false)
          @Nullable String ifMatch,
      @RequestBody CampaignDetailsRequest request) {
    return answer(campaigns.replace(slug(slug), request.details(), Preconditions.ifMatch(ifMatch)));
  }

  @PostMapping("/{slug}/publish")
  @Operation(
      summary = "Publish a draft",
      description = "Repeating it changes nothing. If-Match is optional.")
  ResponseEntity<CampaignView> publish(
      @PathVariable String slug,
      @Parameter(description = IF_MATCH)
          @RequestHeader(name = HttpHeaders.IF_MATCH, required = false)
          @Nullable String ifMatch) {
    return answer(campaigns.publish(slug(slug), Preconditions.ifMatch(ifMatch)));
  }

  @PostMapping("/{slug}/close")
  @Operation(
      summary = "Close a published campaign",
      description = "Repeating it changes nothing. If-Match is optional.")
  ResponseEntity<CampaignView> close(
      @PathVariable String slug,
      @Parameter(description = IF_MATCH)
          @RequestHeader(name = HttpHeaders.IF_MATCH, required = false)
          @Nullable String ifMatch) {
    return answer(campaigns.close(slug(slug), Preconditions.ifMatch(ifMatch)));
  }

  private static Slug slug(String text) {
    return Slug.find(text)
        .orElseThrow(() -> Problems.notFound("campaign-not-found", CampaignAdvice.NOT_FOUND));
  }

  private static ResponseEntity<CampaignView> answer(Campaign campaign) {
    return ResponseEntity.ok()
        .eTag(Preconditions.tag(campaign.version()))
        .body(CampaignView.of(campaign));
  }
}
