package dev.backline.eventworker.campaign.cloudfront;

import dev.backline.eventworker.campaign.Edge;
import java.time.Duration;
import java.util.Objects;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;

@Configuration(proxyBeanMethods = false)
class EdgeConfiguration {

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnBooleanProperty("backline.edge.invalidation.enabled")
  static class Enabled {

    /** Two attempts of 5 s. */
    @Bean
    @ConditionalOnMissingBean
    CloudFrontClient cloudFrontClient(AwsCredentialsProvider credentials) {
      return CloudFrontClient.builder()
          .region(Region.AWS_GLOBAL)
          .credentialsProvider(credentials)
          .overrideConfiguration(
              override ->
                  override
                      .apiCallTimeout(Edge.LONGEST_CALL)
                      .apiCallAttemptTimeout(Duration.ofSeconds(5)))
          .build();
    }

    @Bean
    Edge cloudFrontEdge(CloudFrontClient cloudFront, EdgeInvalidationProperties properties) {
      return new CloudFrontEdge(cloudFront, Objects.requireNonNull(properties.distributionId()));
    }
  }

  @Bean
  @ConditionalOnMissingBean
  Edge noEdge() {
    return change -> {};
  }
}
