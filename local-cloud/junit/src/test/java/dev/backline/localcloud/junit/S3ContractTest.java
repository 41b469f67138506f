package dev.backline.localcloud.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.Delete;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What the site, the thumbnails and local-edge rely on in S3. */
@LocalCloud(shared = "contract")
class S3ContractTest {

  private final HttpClient http = HttpClient.newHttpClient();
  private final Cloud cloud;
  private final S3Client s3;
  private final String bucket;
  private final String folder = UUID.randomUUID() + "/";

  S3ContractTest(Cloud cloud) {
    this.cloud = cloud;
    this.s3 = cloud.s3();
    this.bucket = cloud.bucket("images");
  }

  @Test
  void anObjectIsReadWithTheTypeAndTheMetadataItWasWrittenWith() {
    var key = folder + "spring.jpg";
    s3.putObject(
        r ->
            r.bucket(bucket)
                .key(key)
                .contentType("image/jpeg")
                .cacheControl("public, max-age=60")
                .metadata(Map.of("taken", "2026-04-01")),
        RequestBody.fromString("a picture"));

    var read = s3.getObjectAsBytes(r -> r.bucket(bucket).key(key));

    assertThat(read.asUtf8String()).isEqualTo("a picture");
    assertThat(read.response().contentType()).isEqualTo("image/jpeg");
    assertThat(read.response().cacheControl()).isEqualTo("public, max-age=60");
    assertThat(read.response().metadata()).containsEntry("taken", "2026-04-01");
    var head = s3.headObject(r -> r.bucket(bucket).key(key));
    assertThat(head.contentLength()).isEqualTo(9);
    assertThat(head.contentType()).isEqualTo("image/jpeg");
    assertThat(head.eTag()).isEqualTo(read.response().eTag());
    assertThat(head.lastModified()).isNotNull();
  }

  @Test
  void theETagIsThatOfTheContent() {
    var first = put(folder + "a", "same");

    assertThat(put(folder + "b", "same"))
        .isEqualTo(first)
        .isEqualTo("\"51037a4a37730f52c8732586d3aaa316\"");
    assertThat(put(folder + "a", "other")).isNotEqualTo(first);
  }

  @Test
  void whatIsLargerThanTheHeapOfARequestFlowsThrough() {
    var key = folder + "large";
    var content = new byte[20_000_000];
    new Random(1).nextBytes(content);

    s3.putObject(r -> r.bucket(bucket).key(key), RequestBody.fromBytes(content));

    assertThat(s3.getObjectAsBytes(r -> r.bucket(bucket).key(key)).asByteArrayUnsafe())
        .isEqualTo(content);
  }

  @Test
  void aRangeIsAPartOfTheObject() {
    var key = folder + "digits";
    put(key, "0123456789");

    var part = s3.getObjectAsBytes(r -> r.bucket(bucket).key(key).range("bytes=2-4"));

    assertThat(part.asUtf8String()).isEqualTo("234");
    assertThat(part.response().contentRange()).isEqualTo("bytes 2-4/10");
    assertThatExceptionOfType(S3Exception.class)
        .isThrownBy(() -> s3.getObject(r -> r.bucket(bucket).key(key).range("bytes=10-")))
        .satisfies(e -> assertThat(e.statusCode()).isEqualTo(416));
  }

  @Test
  void aConditionThatDoesNotHoldIsAnsweredWithoutTheObject() throws Exception {
    var key = folder + "known";
    var tag = put(key, "known");

    assertThatExceptionOfType(S3Exception.class)
        .isThrownBy(() -> s3.getObject(r -> r.bucket(bucket).key(key).ifNoneMatch(tag)))
        .satisfies(e -> assertThat(e.statusCode()).isEqualTo(304));
    assertThatExceptionOfType(S3Exception.class)
        .isThrownBy(() -> s3.getObject(r -> r.bucket(bucket).key(key).ifMatch("\"0\"")))
        .satisfies(e -> assertThat(e.statusCode()).isEqualTo(412));
    assertThat(get(key, "If-None-Match", "\"0\"").statusCode()).isEqualTo(200);
  }

  @Test
  void onlyTheFirstOfTwoWritersWhoWantToBeTheFirstIsTaken() {
    var key = folder + "once";
    s3.putObject(r -> r.bucket(bucket).key(key).ifNoneMatch("*"), RequestBody.fromString("first"));

    assertThatExceptionOfType(S3Exception.class)
        .isThrownBy(
            () ->
                s3.putObject(
                    r -> r.bucket(bucket).key(key).ifNoneMatch("*"),
                    RequestBody.fromString("second")))
        .satisfies(e -> assertThat(e.statusCode()).isEqualTo(412));
    assertThat(s3.getObjectAsBytes(r -> r.bucket(bucket).key(key)).asUtf8String())
        .isEqualTo("first");
  }

  @Test
  void whatIsNotThereIsSaidInTheWordsOfS3() throws Exception {
    assertThatExceptionOfType(NoSuchKeyException.class)
        .isThrownBy(() -> s3.getObject(r -> r.bucket(bucket).key(folder + "none")));
    assertThatExceptionOfType(NoSuchKeyException.class)
        .isThrownBy(() -> s3.headObject(r -> r.bucket(bucket).key(folder + "none")));
    assertThatExceptionOfType(NoSuchBucketException.class)
        .isThrownBy(() -> s3.getObject(r -> r.bucket("no-such-bucket").key("none")));
    var unsigned = get(folder + "none");
    assertThat(unsigned.statusCode()).isEqualTo(404);
    assertThat(unsigned.headers().firstValue("content-type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/xml"));
    assertThat(unsigned.body()).contains("<Error><Code>NoSuchKey</Code>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"봄 투어.jpg", "a+b&c=d.jpg", "100%.jpg", "a%2Fb", "~!'()*;:@,$"})
  void aKeyMayHoldAnything(String name) {
    var key = folder + name;

    put(key, name);

    assertThat(s3.getObjectAsBytes(r -> r.bucket(bucket).key(key)).asUtf8String()).isEqualTo(name);
    assertThat(s3.listObjectsV2(r -> r.bucket(bucket).prefix(folder)).contents())
        .extracting(S3Object::key)
        .containsExactly(key);
  }

  @Test
  void aListIsSortedAndComesInPages() {
    for (var name : List.of("b", "c", "a", "sub/d")) {
      put(folder + name, name);
    }

    var pages = s3.listObjectsV2Paginator(r -> r.bucket(bucket).prefix(folder).maxKeys(3));

    assertThat(pages.stream()).hasSize(2);
    assertThat(pages.contents())
        .extracting(S3Object::key)
        .containsExactly(folder + "a", folder + "b", folder + "c", folder + "sub/d");
    assertThat(
            s3.listObjectsV2(r -> r.bucket(bucket).prefix(folder).delimiter("/")).commonPrefixes())
        .singleElement()
        .satisfies(common -> assertThat(common.prefix()).isEqualTo(folder + "sub/"));
  }

  @Test
  void objectsAreCopiedAndDeleted() {
    put(folder + "from", "content");
    s3.copyObject(
        r ->
            r.sourceBucket(bucket)
                .sourceKey(folder + "from")
                .destinationBucket(bucket)
                .destinationKey(folder + "to"));

    var deleted =
        s3.deleteObjects(
            r -> r.bucket(bucket).delete(these(folder + "from", folder + "never-there")));

    assertThat(deleted.errors()).isEmpty();
    assertThat(s3.listObjectsV2(r -> r.bucket(bucket).prefix(folder)).contents())
        .extracting(S3Object::key)
        .containsExactly(folder + "to");
  }

  @Test
  void aBucketIsCreatedOnce() {
    assertThatExceptionOfType(BucketAlreadyOwnedByYouException.class)
        .isThrownBy(() -> s3.createBucket(r -> r.bucket(bucket)));
  }

  private static Delete these(String... keys) {
    return Delete.builder()
        .objects(
            Arrays.stream(keys).map(key -> ObjectIdentifier.builder().key(key).build()).toList())
        .build();
  }

  private String put(String key, String content) {
    return s3.putObject(r -> r.bucket(bucket).key(key), RequestBody.fromString(content)).eTag();
  }

  /** As CloudFront asks a bucket on a desk: without a signature. */
  private HttpResponse<String> get(String key, String... headers)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create(cloud.endpoint() + "/" + bucket + "/" + key));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }
}
