package dev.backline.beapi.stats.dynamodb;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The table of counted clicks.
 *
 * @param linkStatsTable its name; the default is the one in the data stack
 */
@ConfigurationProperties("backline.resources")
record LinkStatsTableProperties(@DefaultValue("link-stats") String linkStatsTable) {}
