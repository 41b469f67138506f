/** Keeps the public preview of a campaign in step with the campaign. */
@NullMarked
package dev.backline.eventworker.campaign;

import org.jspecify.annotations.NullMarked;
