/** Counted clicks, read from DynamoDB. */
@NullMarked
package dev.backline.beapi.stats.dynamodb;

import org.jspecify.annotations.NullMarked;
