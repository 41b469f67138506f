package dev.backline.beapi;

import java.time.Clock;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Starts be-api. */
@SpringBootApplication
@ConfigurationPropertiesScan
@EnableAsync
@EnableScheduling
public class BeApiApplication {

  public static void main(String[] args) {
    SpringApplication.run(BeApiApplication.class, args);
  }

  @Bean
  static Clock clock() {
    return Clock.systemUTC();
  }
}
