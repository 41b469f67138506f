/** How messages are received, retried, put aside and acknowledged. */
@NullMarked
package dev.backline.eventworker.inbox.sqs;

import org.jspecify.annotations.NullMarked;
