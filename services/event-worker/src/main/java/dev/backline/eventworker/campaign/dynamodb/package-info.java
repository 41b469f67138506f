/** Keeps previews in the campaign-previews table. */
@NullMarked
package dev.backline.eventworker.campaign.dynamodb;

import org.jspecify.annotations.NullMarked;
