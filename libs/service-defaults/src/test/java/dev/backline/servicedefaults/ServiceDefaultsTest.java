package dev.backline.servicedefaults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class ServiceDefaultsTest {

  @Test
  void nothingListensToTheNetworkUnlessToldTo() {
    assertThat(with(Map.of()).getProperty("server.address")).isEqualTo("127.0.0.1");
    assertThat(with(Map.of("server.address", "0.0.0.0")).getProperty("server.address"))
        .isEqualTo("0.0.0.0");
  }

  @Test
  void theManagementPortListensWhereTheMainPortDoes() {
    assertThat(
            with(Map.of("management.server.port", "9081", "server.address", "0.0.0.0"))
                .getProperty("management.server.address"))
        .isEqualTo("0.0.0.0");
  }

  @Test
  void aManagementServerThatIsTheMainServerGetsNoAddressOfItsOwn() {
    assertThat(with(Map.of()).getProperty("management.server.address")).isNull();
    assertThat(
            with(Map.of("server.port", "8083", "management.server.port", "8083"))
                .getProperty("management.server.address"))
        .isNull();
    assertThat(
            with(Map.of("management.server.port", "-1")).getProperty("management.server.address"))
        .isNull();
  }

  @Test
  void whateverTheServiceSetsWins() {
    assertThat(
            with(Map.of("spring.data.redis.timeout", "2s"))
                .getProperty("spring.data.redis.timeout"))
        .isEqualTo("2s");
    assertThat(with(Map.of()).getProperty("spring.data.redis.timeout")).isEqualTo("500ms");
  }

  private static StandardEnvironment with(Map<String, Object> settings) {
    StandardEnvironment environment = new StandardEnvironment();
    environment.getPropertySources().addFirst(new MapPropertySource("service", settings));
    new ServiceDefaults().postProcessEnvironment(environment, new SpringApplication());
    return environment;
  }
}
