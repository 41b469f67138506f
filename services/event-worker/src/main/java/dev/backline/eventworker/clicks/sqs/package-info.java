/** Receives click batches from the clicks queue. */
@NullMarked
package dev.backline.eventworker.clicks.sqs;

import org.jspecify.annotations.NullMarked;
