package dev.backline.servicedefaults.web;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Limits of what clients may send.
 *
 * @param maxBody Largest request body; more is answered 413. No request of a JSON API comes near 1
 *     MB.
 * @param unlimitedPaths Paths (patterns such as /api/links/import) whose bodies are streamed, and
 *     so may be of any size.
 */
@ConfigurationProperties("backline.http")
record HttpProperties(
    @DefaultValue("1MB") DataSize maxBody, @DefaultValue({}) List<String> unlimitedPaths) {

  HttpProperties {
    if (maxBody.toBytes() < 1) {
      throw new IllegalArgumentException("max-body must be positive but is " + maxBody);
    }
  }
}
