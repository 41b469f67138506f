/** Keeps the statistics in the link-stats table. */
@NullMarked
package dev.backline.eventworker.clicks.dynamodb;

import org.jspecify.annotations.NullMarked;
