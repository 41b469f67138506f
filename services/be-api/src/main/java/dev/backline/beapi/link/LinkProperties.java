package dev.backline.beapi.link;

import java.net.URI;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How short links look and where they may lead.
 *
 * @param baseUrl where the redirector is reached from outside, without a path. The default is the
 *     desk's.
 * @param ownHosts further hosts of this shortener that no link may lead to, each {@code host} or
 *     {@code host:port}; the host of the base URL is always among them. Empty by default.
 * @param privateTargetsAllowed whether links may lead to private addresses and names of local
 *     networks. Off, because a public short link to a private address helps attackers only.
 * @param singleLabelHostsAllowed whether links may lead to hosts without a dot. Off for the same
 *     reason.
 */
@ConfigurationProperties("backline.short-links")
public record LinkProperties(
    @DefaultValue("http://127.0.0.1:8082") URI baseUrl,
    @DefaultValue Set<String> ownHosts,
    @DefaultValue("false") boolean privateTargetsAllowed,
    @DefaultValue("false") boolean singleLabelHostsAllowed) {

  public LinkProperties {
    if (baseUrl.getHost() == null
        || !(baseUrl.getPath().isEmpty() || baseUrl.getPath().equals("/"))) {
      throw new IllegalArgumentException(
          "backline.short-links.base-url must be like https://go.example.com, without a path, but is "
              + baseUrl);
    }
  }

  /**
   * The address that is given to people. Hangul stays readable: browsers and messengers encode it
   * themselves.
   */
  public String shortUrl(LinkCode code) {
    return baseUrl.resolve("/") + code.value();
  }

  TargetRules targetRules() {
    var hosts = new HashSet<String>();
    ownHosts.forEach(host -> hosts.add(host.toLowerCase(Locale.ROOT)));
    hosts.add(baseUrl.getRawAuthority().toLowerCase(Locale.ROOT));
    return new TargetRules(hosts, privateTargetsAllowed, singleLabelHostsAllowed);
  }
}
