package dev.backline.localcloud.junit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

@LocalCloud
class LocalCloudTest {

  @Test
  void aTestClassHasTablesQueuesAndTopicsOfItsOwn(Cloud cloud) {
    assertThat(cloud.table("links")).matches("t[0-9a-f]{8}-links");
    assertThat(
            cloud
                .dynamoDb()
                .describeTable(r -> r.tableName(cloud.table("links")))
                .table()
                .itemCount())
        .isZero();
    assertThat(cloud.sqs().getQueueUrl(r -> r.queueName(cloud.queue("clicks"))).queueUrl())
        .isEqualTo(cloud.queueUrl("clicks"));
    assertThat(cloud.topicArn("campaign-events"))
        .startsWith("arn:aws:sns:")
        .endsWith("-campaign-events");
  }
}
