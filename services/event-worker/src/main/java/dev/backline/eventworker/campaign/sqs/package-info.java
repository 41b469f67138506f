/** Receives campaign events from the campaign-changes queue. */
@NullMarked
package dev.backline.eventworker.campaign.sqs;

import org.jspecify.annotations.NullMarked;
