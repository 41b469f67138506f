package dev.backline.redirector.redirect;

import dev.backline.redirector.click.Classifier;
import dev.backline.redirector.click.ClickBuffer;
import dev.backline.redirector.click.UserAgents;
import dev.backline.redirector.link.Links;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RedirectConfiguration {

  @Bean
  Redirects redirects(Links links, ClickBuffer clicks, RedirectProperties.ShortLinks shortLinks) {
    return new Redirects(
        links, new Classifier(UserAgents.fromFile(), shortLinks.host()), clicks, Clock.systemUTC());
  }
}
