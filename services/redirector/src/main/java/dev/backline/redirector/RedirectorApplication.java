package dev.backline.redirector;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts the redirector. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class RedirectorApplication {

  public static void main(String[] args) {
    SpringApplication.run(RedirectorApplication.class, args);
  }
}
