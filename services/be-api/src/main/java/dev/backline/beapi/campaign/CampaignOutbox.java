package dev.backline.beapi.campaign;

import org.springframework.modulith.events.FailedEventPublications;
import org.springframework.modulith.events.ResubmissionOptions;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;
import org.springframework.stereotype.Component;

/**
 * Sends again what could not be sent, and what a killed process left behind once the registry sees
 * it as stale ({@code spring.modulith.events.staleness}).
 */
@Component
class CampaignOutbox implements SchedulingConfigurer {

  private final FailedEventPublications failed;
  private final CampaignProperties properties;

  CampaignOutbox(FailedEventPublications failed, CampaignProperties properties) {
    this.failed = failed;
    this.properties = properties;
  }

  @Override
  public void configureTasks(ScheduledTaskRegistrar tasks) {
    tasks.addFixedDelayTask(
        () -> failed.resubmit(ResubmissionOptions.defaults()), properties.resendInterval());
  }
}
