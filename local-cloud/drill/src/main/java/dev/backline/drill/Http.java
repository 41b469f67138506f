package dev.backline.drill;

import java.net.http.HttpClient;
import java.time.Duration;

/** The one place where HTTP clients are made, since a setting of theirs is the JVM's. */
final class Http {

  static {
    // Else the JDK repeats a connect that was refused and a GET whose connection broke, and nobody
    // hears of the failure. It looks once, at its first request.
    System.setProperty("jdk.httpclient.disableRetryConnect", "true");
    System.setProperty("jdk.httpclient.redirects.retrylimit", "1");
  }

  private Http() {}

  /** Keep-alive, HTTP/1.1, no second try, no redirect followed. */
  static HttpClient client() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(Duration.ofSeconds(5))
        .build();
  }
}
