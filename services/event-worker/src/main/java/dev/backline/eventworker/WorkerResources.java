package dev.backline.eventworker;

import jakarta.validation.constraints.NotBlank;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Names of the tables and queues that this service uses; the defaults are those of {@code infra/}.
 *
 * @param linkStatsTable statistics, written by this service only. Default {@code link-stats}.
 * @param campaignPreviewsTable previews, written by this service only. Default {@code
 *     campaign-previews}.
 * @param clicksQueue where the redirector puts clicks. Default {@code clicks}.
 * @param clicksDeadLetterQueue where this service puts aside what is not clicks. Default {@code
 *     clicks-dlq}.
 * @param campaignChangesQueue subscribed to the campaign events. Default {@code campaign-changes}.
 * @param campaignChangesDeadLetterQueue where this service puts aside what is no campaign event.
 *     Default {@code campaign-changes-dlq}.
 */
@Validated
@ConfigurationProperties("backline.resources")
public record WorkerResources(
    @NotBlank @DefaultValue("link-stats") String linkStatsTable,
    @NotBlank @DefaultValue("campaign-previews") String campaignPreviewsTable,
    @NotBlank @DefaultValue("clicks") String clicksQueue,
    @NotBlank @DefaultValue("clicks-dlq") String clicksDeadLetterQueue,
    @NotBlank @DefaultValue("campaign-changes") String campaignChangesQueue,
    @NotBlank @DefaultValue("campaign-changes-dlq") String campaignChangesDeadLetterQueue) {}
