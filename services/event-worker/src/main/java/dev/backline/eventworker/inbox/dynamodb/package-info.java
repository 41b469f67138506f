/** Asks DynamoDB whether it takes writes again. */
@NullMarked
package dev.backline.eventworker.inbox.dynamodb;

import org.jspecify.annotations.NullMarked;
