package dev.backline.beapi.campaign;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How campaign changes are told.
 *
 * @param resendInterval pause between two tries to send the changes that could not be sent. 10 s
 *     cost one indexed query each and are short beside an outage of SNS.
 */
@ConfigurationProperties("backline.campaigns")
record CampaignProperties(@DefaultValue("10s") Duration resendInterval) {}
