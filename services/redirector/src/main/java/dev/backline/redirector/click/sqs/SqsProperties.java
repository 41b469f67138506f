package dev.backline.redirector.click.sqs;

import io.awspring.cloud.autoconfigure.AwsClientProperties;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** How SQS is reached, where that differs from {@code spring.cloud.aws}. */
@ConfigurationProperties("spring.cloud.aws.sqs")
class SqsProperties extends AwsClientProperties {}
