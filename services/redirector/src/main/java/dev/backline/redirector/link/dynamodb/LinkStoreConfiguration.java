package dev.backline.redirector.link.dynamodb;

import dev.backline.redirector.ResourceProperties;
import dev.backline.redirector.link.LinkCacheProperties;
import dev.backline.redirector.link.LinkStore;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@Configuration(proxyBeanMethods = false)
class LinkStoreConfiguration {

  @Bean
  LinkStore linkStore(
      DynamoDbClient dynamoDb, ResourceProperties resources, LinkCacheProperties properties) {
    return new DynamoDbLinkStore(dynamoDb, resources.linksTable(), properties.storeTimeout());
  }
}
