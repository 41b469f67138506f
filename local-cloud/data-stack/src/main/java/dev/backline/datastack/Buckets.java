package dev.backline.datastack;

import dev.backline.datastack.Creation.Identity;
import dev.backline.datastack.Template.Resource;
import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import tools.jackson.databind.JsonNode;

/** S3 buckets. */
final class Buckets {

  private final String prefix;

  Buckets(String prefix) {
    this.prefix = prefix;
  }

  /** Known without asking S3, since the names are those of the template. */
  Identity identity(Resource resource, JsonNode properties) {
    var bucket = prefix + name(resource, properties);
    return new Identity(bucket, "arn:aws:s3:::" + bucket);
  }

  Map<String, String> create(Template template, S3Client s3) {
    var created = new LinkedHashMap<String, String>();
    for (var resource : template.resources().values()) {
      if (resource.type().equals(Template.BUCKET)) {
        var name = name(resource, resource.properties());
        try {
          s3.createBucket(r -> r.bucket(prefix + name));
        } catch (BucketAlreadyOwnedByYouException e) {
          // It stays, with its objects.
        }
        created.put(name, prefix + name);
      }
    }
    return created;
  }

  private static String name(Resource resource, JsonNode properties) {
    return Creation.requiredText(resource, properties, "BucketName");
  }
}
