package dev.backline.servicedefaults.web;

import dev.backline.servicedefaults.ProblemWriter;
import org.apache.catalina.startup.Tomcat;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/** Gives a web service problem+json for every error, strict JSON and a limit of body size. */
@AutoConfiguration(
    after = JacksonAutoConfiguration.class,
    before = {WebMvcAutoConfiguration.class, ErrorMvcAutoConfiguration.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties(HttpProperties.class)
public class WebDefaultsAutoConfiguration {

  /**
   * After the filters that trace and observe, so that a refusal is seen; before security and
   * everything that reads.
   */
  private static final int FAILURE_ORDER = Ordered.HIGHEST_PRECEDENCE + 100;

  private static final int BODY_LIMIT_ORDER = FAILURE_ORDER + 1;

  @Bean
  @ConditionalOnMissingBean
  ProblemWriter problemWriter(JsonMapper json) {
    return new ProblemWriter(json);
  }

  /** Spring looks for handlers in order: a service's own advice comes first. */
  @Bean
  @Order
  @ConditionalOnMissingBean(ResponseEntityExceptionHandler.class)
  ProblemAdvice problemAdvice() {
    return new ProblemAdvice();
  }

  @Bean
  @ConditionalOnMissingBean(ErrorController.class)
  ProblemErrorController problemErrorController(ProblemWriter problems) {
    return new ProblemErrorController(problems);
  }

  @Bean
  FilterRegistrationBean<FailureFilter> failureFilter(ProblemWriter problems) {
    var registration = new FilterRegistrationBean<>(new FailureFilter(problems));
    registration.setOrder(FAILURE_ORDER);
    return registration;
  }

  @Bean
  FilterRegistrationBean<BodyLimitFilter> bodyLimitFilter(
      HttpProperties properties, ProblemWriter problems) {
    var registration = new FilterRegistrationBean<>(new BodyLimitFilter(properties, problems));
    registration.setOrder(BODY_LIMIT_ORDER);
    return registration;
  }

  /** Jackson would take the number 5 for the string "5". No property says so for strings. */
  @Bean
  JsonMapperBuilderCustomizer strictStrings() {
    return builder ->
        builder.withCoercionConfig(
            LogicalType.Textual,
            config ->
                config
                    .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail));
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({Tomcat.class, TomcatServletWebServerFactory.class})
  static class TomcatDefaults {

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemReports() {
      return factory ->
          factory.addContextCustomizers(
              context -> context.getParent().getPipeline().addValve(new ProblemReportValve()));
    }

    /** By default a request with more than 10 fails; the limit of the headers' size is enough. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> anyNumberOfLanguages() {
      return factory -> factory.addConnectorCustomizers(c -> c.setMaxLocaleCount(-1));
    }
  }
}
