package dev.backline.eventworker.campaign;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class CampaignConfiguration {

  @Bean
  CampaignProjection campaignProjection(
      CampaignPreviews previews, Edge edge, MeterRegistry meters) {
    return new CampaignProjection(previews, edge, meters);
  }
}
