package dev.backline.redirector.redirect.web;

import dev.backline.redirector.redirect.RedirectProperties;
import dev.backline.redirector.redirect.Redirects;
import dev.backline.xraytracing.TraceContext;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

@Configuration(proxyBeanMethods = false)
class WebConfiguration {

  /** Behind the mapping of the health paths, which live on the same port. */
  private static final int ORDER = 1;

  @Bean
  SimpleUrlHandlerMapping everyPath(
      Redirects redirects,
      RedirectProperties properties,
      RedirectProperties.ShortLinks shortLinks,
      TraceContext trace) {
    ShortLinkHandler handler =
        new ShortLinkHandler(
            redirects, new TrustedProxies(properties.trustedProxies()), shortLinks, trace);
    return new SimpleUrlHandlerMapping(Map.of("/**", handler), ORDER);
  }
}
