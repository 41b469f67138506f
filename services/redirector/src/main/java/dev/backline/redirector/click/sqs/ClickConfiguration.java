package dev.backline.redirector.click.sqs;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.backline.redirector.ResourceProperties;
import dev.backline.redirector.click.ClickBuffer;
import dev.backline.redirector.click.ClickProperties;
import io.awspring.cloud.autoconfigure.core.AwsClientBuilderConfigurer;
import io.awspring.cloud.autoconfigure.sqs.SqsAsyncClientCustomizer;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class ClickConfiguration {

  /**
   * What the starter for SQS would make. With the starter, Spring looks for listeners in every bean
   * at each start, and the redirector only sends.
   */
  @Bean
  SqsAsyncClient sqsAsyncClient(
      AwsClientBuilderConfigurer aws,
      SqsProperties properties,
      ObjectProvider<SqsAsyncClientCustomizer> customizers) {
    return aws.configureAsyncClient(
            SqsAsyncClient.builder(), properties, null, customizers.orderedStream(), Stream.empty())
        .build();
  }

  @Bean
  DroppedClicks droppedClicks(JsonMapper json) {
    return new DroppedClicks(json, Ticker.systemTicker());
  }

  @Bean
  ClickBuffer clickBuffer(
      ClickProperties properties, DroppedClicks droppedClicks, MeterRegistry meters) {
    return new ClickBuffer(properties.buffer(), droppedClicks, meters);
  }

  @Bean(initMethod = "start", destroyMethod = "close")
  ClickSender clickSender(
      ClickBuffer buffer,
      SqsAsyncClient sqs,
      ResourceProperties resources,
      DroppedClicks droppedClicks,
      JsonMapper json,
      ClickProperties properties,
      MeterRegistry meters) {
    return new ClickSender(
        buffer,
        new ClickQueue(sqs, resources.clicksQueue(), properties.sendTimeout()),
        droppedClicks,
        json,
        properties,
        meters);
  }
}
