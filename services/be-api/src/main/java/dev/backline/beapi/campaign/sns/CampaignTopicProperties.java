package dev.backline.beapi.campaign.sns;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * The topic of campaign changes.
 *
 * @param campaignEventsTopicArn ARN of the SNS topic. There is no default, since it holds the
 *     account. An ARN and not a name, because finding a topic by name needs the right to create
 *     topics.
 */
@Validated
@ConfigurationProperties("backline.resources")
record CampaignTopicProperties(
    @NotNull(message = "must be the ARN of the SNS topic for campaign changes")
        @Pattern(
            regexp = "arn:[^:]+:sns:[^:]+:[^:]*:[^:]+",
            message = "must be the ARN of an SNS topic")
        String campaignEventsTopicArn) {}
