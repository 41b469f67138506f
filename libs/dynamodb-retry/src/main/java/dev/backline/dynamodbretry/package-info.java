/**
 * DynamoDB calls that end: full jitter, pinned numbers, completed batches and transactions, and one
 * deadline.
 */
@NullMarked
package dev.backline.dynamodbretry;

import org.jspecify.annotations.NullMarked;
