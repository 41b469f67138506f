/** Sends clicks to the queue in batches that count once. */
@NullMarked
package dev.backline.redirector.click.sqs;

import org.jspecify.annotations.NullMarked;
