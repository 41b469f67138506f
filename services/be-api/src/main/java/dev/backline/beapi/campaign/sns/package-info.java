/** Campaign changes on their way to the topic. */
@NullMarked
package dev.backline.beapi.campaign.sns;

import org.jspecify.annotations.NullMarked;
