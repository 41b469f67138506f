package dev.backline.servicedefaults;

import org.springframework.beans.factory.aot.BeanRegistrationExcludeFilter;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.boot.jackson.JacksonComponent;
import org.springframework.boot.jackson.JacksonComponentModule;

/**
 * Spring Boot reads the annotations of every bean at each start to find {@link JacksonComponent}s.
 * Where Spring processes a service ahead of time, its beans are known: without a component it need
 * not look again.
 */
class UnusedJacksonComponents implements BeanRegistrationExcludeFilter {

  @Override
  public boolean isExcludedFromAotProcessing(RegisteredBean bean) {
    return bean.getBeanClass() == JacksonComponentModule.class
        && bean.getBeanFactory().getBeanNamesForAnnotation(JacksonComponent.class).length == 0;
  }
}
