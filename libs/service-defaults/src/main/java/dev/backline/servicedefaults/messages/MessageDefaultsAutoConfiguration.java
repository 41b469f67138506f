package dev.backline.servicedefaults.messages;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.autoconfigure.context.MessageSourceAutoConfiguration;
import org.springframework.context.MessageSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.support.AbstractApplicationContext;

/**
 * Takes the place of what Spring puts where there are no messages, in the application and in the
 * context of the management port: Spring's lists all locales of the JDK, a few hundredths of every
 * start.
 */
@AutoConfiguration(after = MessageSourceAutoConfiguration.class)
public class MessageDefaultsAutoConfiguration {

  @Bean(AbstractApplicationContext.MESSAGE_SOURCE_BEAN_NAME)
  @ConditionalOnMissingBean(
      name = AbstractApplicationContext.MESSAGE_SOURCE_BEAN_NAME,
      search = SearchStrategy.CURRENT)
  MessageSource messageSource() {
    return new NoMessages();
  }
}
