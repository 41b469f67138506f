/** Campaigns in PostgreSQL. */
@NullMarked
package dev.backline.beapi.campaign.postgres;

import org.jspecify.annotations.NullMarked;
