package dev.backline.desk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/**
 * Brings files into buckets of the local cloud, as a deploy does on AWS. What is there already,
 * with the same content and type, is left alone; what is not in the folder any more stays in the
 * bucket.
 */
public final class BucketFiles {

  /**
   * Files of other types are for people, such as a README; so are tests. Without spaces, which
   * S3Proxy would not give back.
   */
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("css", "text/css;charset=utf-8"),
          Map.entry("html", "text/html;charset=utf-8"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("jpg", "image/jpeg"),
          Map.entry("js", "text/javascript;charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("png", "image/png"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("txt", "text/plain;charset=utf-8"),
          Map.entry("webmanifest", "application/manifest+json"),
          Map.entry("webp", "image/webp"),
          Map.entry("woff2", "font/woff2"));

  /**
   * For an attempt, not for a call: on a busy machine an emulator's first answer has taken longer,
   * and the next one then did not. The SDK makes a few attempts.
   */
  private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(10);

  private final S3Client s3;

  public BucketFiles(S3Client s3) {
    this.s3 = s3;
  }

  /** A client for the S3 of an emulator, none of which has a DNS name for each bucket. */
  public static S3ClientBuilder client() {
    return client(ATTEMPT_TIMEOUT);
  }

  static S3ClientBuilder client(Duration attemptTimeout) {
    return S3Client.builder()
        .forcePathStyle(true)
        .overrideConfiguration(settings -> settings.apiCallAttemptTimeout(attemptTimeout));
  }

  /**
   * The site, and the sample images as originals of thumbnails. Returns how many files were not
   * there, or were others.
   */
  public int bringAll(Path root) throws IOException {
    // Names without a hash: browsers ask each time, and the edge each minute.
    return bring(root.resolve("services/web"), "site", "", "public, max-age=0, s-maxage=60")
        + bring(root.resolve("data/images"), "images", "originals/", "public, max-age=60");
  }

  /** Returns how many files were not there, or were others. */
  int bring(Path folder, String bucket, String prefix, String cacheControl) throws IOException {
    var brought = 0;
    for (Path file : files(folder)) {
      var key = prefix + folder.relativize(file).toString().replace('\\', '/');
      if (bring(Files.readAllBytes(file), bucket, key, type(file), cacheControl)) {
        brought++;
      }
    }
    return brought;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (var all = Files.walk(folder)) {
      return all.filter(BucketFiles::isServed).sorted().toList();
    }
  }

  private static boolean isServed(Path file) {
    return TYPES.containsKey(extension(file))
        && !file.getFileName().toString().endsWith(".test.js")
        && Files.isRegularFile(file);
  }

  /** Returns whether it was not there, or was another. */
  public boolean bring(
      byte[] content, String bucket, String key, String type, String cacheControl) {
    if (isThere(bucket, key, content, type)) {
      return false;
    }
    s3.putObject(
        put -> put.bucket(bucket).key(key).contentType(type).cacheControl(cacheControl),
        RequestBody.fromBytes(content));
    return true;
  }

  private boolean isThere(String bucket, String key, byte[] content, String type) {
    try {
      var head = s3.headObject(request -> request.bucket(bucket).key(key));
      return head.eTag().equals('"' + md5(content) + '"') && head.contentType().equals(type);
    } catch (NoSuchKeyException missing) {
      return false;
    }
  }

  /** What S3 calls the ETag of an object that was put in one piece. */
  private static String md5(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has MD5", e);
    }
  }

  private static String type(Path file) {
    return TYPES.getOrDefault(extension(file), "");
  }

  private static String extension(Path file) {
    var name = file.getFileName().toString();
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }
}
