package dev.backline.beapi.link.dynamodb;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The table of links.
 *
 * @param linksTable its name; the default is the one in the data stack
 */
@ConfigurationProperties("backline.resources")
record LinkTableProperties(@DefaultValue("links") String linksTable) {}
