/** Links in DynamoDB. */
@NullMarked
package dev.backline.beapi.link.dynamodb;

import org.jspecify.annotations.NullMarked;
