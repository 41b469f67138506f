package dev.backline.redirector.redirect;

import java.net.URI;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the redirector is reached.
 *
 * @param trustedProxies address ranges (CIDR) of the proxies whose headers are believed. Only this
 *     machine by default: anybody could claim to come from any country. In AWS: the subnets of the
 *     load balancer, whose security group lets in nobody but CloudFront.
 */
@ConfigurationProperties("backline.redirector")
public record RedirectProperties(
    @DefaultValue({"127.0.0.0/8", "::1/128"}) List<String> trustedProxies) {

  /**
   * What the world calls this host.
   *
   * @param baseUrl what short URLs begin with, in QR codes too; without a path. The desk's address
   *     by default.
   */
  @ConfigurationProperties("backline.short-links")
  public record ShortLinks(@DefaultValue("http://127.0.0.1:8082") URI baseUrl) {

    public ShortLinks {
      String path = baseUrl.getRawPath();
      if (baseUrl.getHost() == null
          || baseUrl.getRawQuery() != null
          || (path != null && !path.isEmpty() && !path.equals("/"))) {
        throw new IllegalArgumentException(
            "backline.short-links.base-url must be scheme and host only, such as https://go.example.com");
      }
    }

    public String host() {
      return baseUrl.getHost();
    }

    /** Scheme, host and port, without a slash at the end. */
    public String origin() {
      return baseUrl.getScheme() + "://" + baseUrl.getRawAuthority();
    }
  }
}
