package dev.backline.desk.containers;

import dev.backline.datastack.DataStack;
import dev.backline.datastack.InvalidTemplateException;
import dev.backline.desk.BucketFiles;
import dev.backline.desk.Command;
import dev.backline.desk.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Brings an empty cloud to where a deployment would have it: the tables, queues, topics and buckets
 * of the data stack, the site, the sample images, and the public keys of whoever issues tokens.
 * What is there stays.
 */
public final class Create {

  /** Where issuers that are a bucket have it, too. */
  static final String PUBLIC_KEYS = ".well-known/jwks.json";

  private Create() {}

  /**
   * Takes the file with the public keys. Started in a folder that has what is brought, as the root
   * of the clone has it; AWS is found by the standard variables.
   */
  public static void main(String[] arguments) throws IOException {
    Command.run(() -> create(Path.of(""), Path.of(arguments[0])));
  }

  private static void create(Path root, Path publicKeys) throws IOException {
    try (var dynamoDb = DynamoDbClient.create();
        var sqs = SqsClient.create();
        var sns = SnsClient.create();
        var s3 = BucketFiles.client().build()) {
      var stack = DataStack.read(root.resolve("infra/templates/data.json"));
      var created = stack.create(dynamoDb, sqs, sns);
      System.out.println("tables  " + created.tables().values());
      System.out.println("queues  " + created.queueUrls().values());
      System.out.println("topics  " + created.topicArns().values());
      System.out.println("buckets " + stack.createBuckets(s3).values());
      var files = new BucketFiles(s3);
      files.bring(
          Files.readAllBytes(publicKeys), "site", PUBLIC_KEYS, "application/json", "no-cache");
      System.out.println("files   " + files.bringAll(root));
    } catch (InvalidTemplateException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    } catch (SdkException e) {
      throw new UsageException(
          "The cloud at AWS_ENDPOINT_URL=%s failed: %s"
              .formatted(System.getenv("AWS_ENDPOINT_URL"), e.getMessage()));
    }
  }
}
