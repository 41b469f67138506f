/** The part of Amazon SNS that the suite uses: topics, and subscriptions of SQS queues. */
@NullMarked
package dev.backline.localcloud.sns;

import org.jspecify.annotations.NullMarked;
