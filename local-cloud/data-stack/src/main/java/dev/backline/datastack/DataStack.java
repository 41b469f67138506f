package dev.backline.datastack;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The data stack of a CloudFormation template, created through the services' own APIs, for
 * endpoints that have no CloudFormation. On AWS the template itself is deployed.
 *
 * <p>Creating is idempotent: what exists stays, with its data; its attributes are brought to those
 * of the template.
 */
public final class DataStack {

  private final Template template;
  private final String prefix;

  private DataStack(Template template, String prefix) {
    this.template = template;
    this.prefix = prefix;
  }

  /**
   * Reads a template in the JSON form that CDK synthesizes.
   *
   * @throws InvalidTemplateException if it cannot be read, or has a type, property or reference
   *     that is not supported
   */
  public static DataStack read(Path template) {
    return new DataStack(Template.read(template), "");
  }

  /**
   * The same stack with a prefix before every table, queue, topic and bucket name, so that several
   * fit on one endpoint.
   */
  public DataStack withPrefix(String prefix) {
    return new DataStack(template, prefix);
  }

  /**
   * Creates what is missing, except buckets, in the order of the references, and returns when all
   * of it can be used.
   *
   * @throws InvalidTemplateException if the template contradicts itself or a table that exists has
   *     other keys
   */
  public CreatedResources create(DynamoDbClient dynamoDb, SqsClient sqs, SnsClient sns) {
    return new Creation(template, prefix, dynamoDb, sqs, sns).run();
  }

  /**
   * Creates the buckets that are missing. A call of its own, since hardly a program has an S3
   * client, and loading one costs more than everything else here.
   *
   * @return bucket names as they are on the endpoint, with prefix, by the names of the template
   * @throws InvalidTemplateException if a bucket has no name
   */
  public Map<String, String> createBuckets(S3Client s3) {
    return Map.copyOf(new Buckets(prefix).create(template, s3));
  }

  /** The table names of the template, without prefix. */
  public List<String> tableNames() {
    return names("TableName");
  }

  /** The queue names of the template, without prefix. */
  public List<String> queueNames() {
    return names("QueueName");
  }

  /** The topic names of the template, without prefix. */
  public List<String> topicNames() {
    return names("TopicName");
  }

  /** The bucket names of the template, without prefix. */
  public List<String> bucketNames() {
    return names("BucketName");
  }

  private List<String> names(String property) {
    return template.resources().values().stream()
        .filter(resource -> resource.properties().has(property))
        .map(resource -> resource.properties().path(property).asString())
        .toList();
  }
}
