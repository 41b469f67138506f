package dev.backline.redirector.click.sqs;

import io.awspring.cloud.autoconfigure.AwsClientProperties;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** Endpoint and region of SQS, where they differ from those of {@code spring.cloud.aws}. */
@ConfigurationProperties("spring.cloud.aws.sqs")
class SqsProperties extends AwsClientProperties {}
