package dev.backline.desk;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Brings files into buckets of the local cloud, as a deploy does on AWS. What is there already,
 * with the same content and type, is left alone; what is not in the folder any more stays in the
 * bucket.
 */
final class BucketFiles {

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

  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI cloud;

  BucketFiles(String cloud) {
    this.cloud = URI.create(cloud);
  }

  /** The site, and the sample images as originals of thumbnails. */
  void bringAll(Path root) throws IOException, InterruptedException {
    // Names without a hash: browsers ask each time, and the edge each minute.
    bring(root.resolve("services/web"), "site", "", "public, max-age=0, s-maxage=60");
    bring(root.resolve("data/images"), "images", "originals/", "public, max-age=60");
  }

  /** Returns how many files were not there, or were others. */
  int bring(Path folder, String bucket, String prefix, String cacheControl)
      throws IOException, InterruptedException {
    var brought = 0;
    for (Path file : files(folder)) {
      var key = prefix + folder.relativize(file).toString().replace('\\', '/');
      if (bring(file, cloud.resolve("/" + bucket + "/" + encoded(key)), cacheControl)) {
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

  private boolean bring(Path file, URI object, String cacheControl)
      throws IOException, InterruptedException {
    var content = Files.readAllBytes(file);
    var type = TYPES.getOrDefault(extension(file), "");
    if (isThere(object, content, type)) {
      return false;
    }
    var answer =
        http.send(
            HttpRequest.newBuilder(object)
                .timeout(TIMEOUT)
                .header("Content-Type", type)
                .header("Cache-Control", cacheControl)
                .PUT(BodyPublishers.ofByteArray(content))
                .build(),
            BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(
          "PUT %s was answered with %d %s".formatted(object, answer.statusCode(), answer.body()));
    }
    return true;
  }

  private boolean isThere(URI object, byte[] content, String type)
      throws IOException, InterruptedException {
    var head =
        http.send(
            HttpRequest.newBuilder(object).timeout(TIMEOUT).HEAD().build(),
            BodyHandlers.discarding());
    return head.statusCode() == 200
        && head.headers().firstValue("ETag").orElse("").equals('"' + md5(content) + '"')
        && head.headers().firstValue("Content-Type").orElse("").equals(type);
  }

  /** What S3 calls the ETag of an object that was put in one piece. */
  private static String md5(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has MD5", e);
    }
  }

  private static String extension(Path file) {
    var name = file.getFileName().toString();
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  private static String encoded(String key) {
    return URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20").replace("%2F", "/");
  }
}
