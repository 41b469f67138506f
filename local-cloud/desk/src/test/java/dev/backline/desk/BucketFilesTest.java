package dev.backline.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import dev.backline.localcloud.junit.Cloud;
import dev.backline.localcloud.junit.LocalCloud;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.S3Object;

@LocalCloud
class BucketFilesTest {

  private static final String CACHE_CONTROL = "public, max-age=60";

  @TempDir Path folder;

  private final Cloud cloud;
  private final BucketFiles files;
  private final String bucket;
  private final String prefix = UUID.randomUUID() + "/";

  BucketFilesTest(Cloud cloud) {
    this.cloud = cloud;
    this.files = new BucketFiles(cloud.s3());
    this.bucket = cloud.bucket("site");
  }

  @BeforeEach
  void writeFiles() throws IOException {
    Files.createDirectories(folder.resolve("js"));
    Files.writeString(folder.resolve("index.html"), "<!doctype html>");
    Files.writeString(folder.resolve("js/app.js"), "export {};");
    Files.write(folder.resolve("봄 투어.JPG"), new byte[] {(byte) 0xff, (byte) 0xd8});
    Files.writeString(folder.resolve("js/app.test.js"), "for people");
    Files.writeString(folder.resolve("README.md"), "for people");
  }

  @Test
  void filesAreThereWithTheirTypesAndWithoutWhatIsForPeople() throws Exception {
    assertThat(bring()).isEqualTo(3);

    assertThat(cloud.s3().listObjectsV2(r -> r.bucket(bucket).prefix(prefix)).contents())
        .extracting(S3Object::key)
        .containsExactlyInAnyOrder(
            prefix + "index.html", prefix + "js/app.js", prefix + "봄 투어.JPG");
    assertThat(read("index.html").contentType()).isEqualTo("text/html;charset=utf-8");
    assertThat(read("index.html").cacheControl()).isEqualTo(CACHE_CONTROL);
    assertThat(read("js/app.js").contentType()).isEqualTo("text/javascript;charset=utf-8");
    assertThat(read("봄 투어.JPG").contentType()).isEqualTo("image/jpeg");
  }

  @Test
  void onlyWhatIsMissingOrChangedIsBroughtAgain() throws Exception {
    bring();
    assertThat(bring()).isZero();

    Files.writeString(folder.resolve("js/app.js"), "export const changed = true;");
    cloud.s3().deleteObject(r -> r.bucket(bucket).key(prefix + "index.html"));
    cloud
        .s3()
        .copyObject(
            r ->
                r.sourceBucket(bucket)
                    .sourceKey(prefix + "봄 투어.JPG")
                    .destinationBucket(bucket)
                    .destinationKey(prefix + "봄 투어.JPG")
                    .metadataDirective("REPLACE")
                    .contentType("text/html"));

    assertThat(bring()).isEqualTo(3);
    assertThat(bring()).isZero();
    assertThat(read("봄 투어.JPG").contentType()).isEqualTo("image/jpeg");
  }

  @Test
  void aBucketThatIsNotThereIsNamed() {
    assertThatExceptionOfType(NoSuchBucketException.class)
        .isThrownBy(() -> files.bring(folder, "no-such-bucket", prefix, CACHE_CONTROL));
  }

  @Test
  void aCallThatIsNotAnsweredIsMadeAgain() throws Exception {
    var calls = new AtomicInteger();
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        call -> {
          if (calls.incrementAndGet() > 1) {
            call.sendResponseHeaders(200, -1);
            call.close();
          }
        });
    server.start();
    try (var s3 =
        BucketFiles.client(Duration.ofSeconds(1))
            .endpointOverride(URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
            .region(Region.US_EAST_1)
            .credentialsProvider(AnonymousCredentialsProvider.create())
            .build()) {
      s3.headBucket(r -> r.bucket("site"));
    } finally {
      server.stop(0);
    }
    assertThat(calls).hasValueGreaterThan(1);
  }

  private int bring() throws IOException {
    return files.bring(folder, bucket, prefix, CACHE_CONTROL);
  }

  private GetObjectResponse read(String name) {
    return cloud.s3().getObjectAsBytes(r -> r.bucket(bucket).key(prefix + name)).response();
  }
}
