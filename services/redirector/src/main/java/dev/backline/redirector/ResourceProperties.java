package dev.backline.redirector;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The resources of the data stack that the redirector uses. By default the names of the template.
 *
 * @param linksTable name of the table that be-api writes links to
 * @param clicksQueue name or URL of the queue that event-worker counts from
 */
@ConfigurationProperties("backline.resources")
public record ResourceProperties(
    @DefaultValue("links") String linksTable, @DefaultValue("clicks") String clicksQueue) {}
