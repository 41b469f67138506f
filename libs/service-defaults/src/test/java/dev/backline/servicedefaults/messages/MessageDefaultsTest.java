package dev.backline.servicedefaults.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backline.servicedefaults.TestService;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.MessageSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.MessageSource;
import org.springframework.context.NoSuchMessageException;
import org.springframework.context.support.DefaultMessageSourceResolvable;
import org.springframework.context.support.ResourceBundleMessageSource;
import org.springframework.context.support.StaticMessageSource;

class MessageDefaultsTest {

  private final ApplicationContextRunner application =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  MessageSourceAutoConfiguration.class, MessageDefaultsAutoConfiguration.class));

  @Test
  void bothContextsOfAServiceDoWithoutSpringsOwn() {
    List<ApplicationContext> contexts = new ArrayList<>();
    SpringApplication service = new SpringApplication(TestService.class);
    service.addListeners(
        new ApplicationListener<WebServerInitializedEvent>() {
          @Override
          public void onApplicationEvent(WebServerInitializedEvent event) {
            contexts.add(event.getApplicationContext());
          }
        });
    try (ConfigurableApplicationContext main =
        service.run(
            "--server.port=0",
            "--management.server.port=0",
            "--spring.cloud.aws.region.static=ap-northeast-2",
            "--spring.autoconfigure.exclude=org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration")) {
      assertThat(contexts).hasSize(2).contains(main);
      assertThat(contexts)
          .allSatisfy(
              context ->
                  assertThat(context.getBean("messageSource")).isInstanceOf(NoMessages.class));
    }
  }

  @Test
  void messagesThatAServiceHasAreTheOnesItGets() {
    application
        .withPropertyValues("spring.messages.basename=messages/texts")
        .run(
            context -> {
              assertThat(context).hasSingleBean(MessageSource.class);
              assertThat(context.getBean(MessageSource.class))
                  .isInstanceOf(ResourceBundleMessageSource.class);
              assertThat(context.getMessage("greeting", null, Locale.ENGLISH)).isEqualTo("Hello");
            });
    application
        .withBean("messageSource", StaticMessageSource.class)
        .run(
            context ->
                assertThat(context)
                    .getBean("messageSource")
                    .isInstanceOf(StaticMessageSource.class));
  }

  @Test
  void textsAndErrorsAreThoseOfSpringsOwn() {
    Object[] one = {1_000};
    application.run(
        context -> {
          assertThat(context.getMessage("none", null, "it's {0}", Locale.ENGLISH))
              .isEqualTo("it's {0}");
          assertThat(context.getMessage("none", one, "{0} links", Locale.ENGLISH))
              .isEqualTo("1,000 links");
          assertThat(context.getMessage("none", one, "{0} Links", Locale.GERMAN))
              .isEqualTo("1.000 Links");
          assertThat(context.getMessage("none", one, null, Locale.ENGLISH)).isNull();
          assertThat(
                  context.getMessage(
                      new DefaultMessageSourceResolvable(new String[] {"none"}, one, "{0} links"),
                      Locale.ENGLISH))
              .isEqualTo("1,000 links");
          assertThatThrownBy(() -> context.getMessage("none", one, Locale.ENGLISH))
              .isInstanceOf(NoSuchMessageException.class)
              .hasMessageContaining("none");
          assertThatThrownBy(
                  () ->
                      context.getMessage(
                          new DefaultMessageSourceResolvable(new String[] {"first", "last"}),
                          Locale.ENGLISH))
              .isInstanceOf(NoSuchMessageException.class)
              .hasMessageContaining("last");
        });
  }
}
