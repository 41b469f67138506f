package dev.backline.servicedefaults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.aot.AotServices;
import org.springframework.beans.factory.aot.BeanRegistrationExcludeFilter;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.jackson.JacksonComponent;
import org.springframework.boot.jackson.JacksonComponentModule;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ser.std.StdSerializer;

class UnusedJacksonComponentsTest {

  private final DefaultListableBeanFactory beans = new DefaultListableBeanFactory();

  @Test
  void aServiceWithoutAComponentDoesNotLookForOneAtItsStart() {
    register("jsonComponentModule", JacksonComponentModule.class);
    register("other", Object.class);
    assertThat(isLeftOut("jsonComponentModule")).isTrue();
    assertThat(isLeftOut("other")).isFalse();
  }

  @Test
  void aServiceWithAComponentDoes() {
    register("jsonComponentModule", JacksonComponentModule.class);
    register("component", Component.class);
    assertThat(isLeftOut("jsonComponentModule")).isFalse();
  }

  private void register(String name, Class<?> type) {
    beans.registerBeanDefinition(name, new RootBeanDefinition(type));
  }

  private boolean isLeftOut(String name) {
    RegisteredBean bean = RegisteredBean.of(beans, name);
    return AotServices.factories().load(BeanRegistrationExcludeFilter.class).stream()
        .anyMatch(filter -> filter.isExcludedFromAotProcessing(bean));
  }

  @JacksonComponent
  static class Component extends StdSerializer<Object> {
    Component() {
      super(Object.class);
    }

    @Override
    public void serialize(Object value, JsonGenerator json, SerializationContext context) {
      json.writeNull();
    }
  }
}
