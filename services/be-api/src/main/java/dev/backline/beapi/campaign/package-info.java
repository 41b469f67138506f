/**
 * Campaigns: drafts that are published, then closed; every change is told to the other services.
 */
@NullMarked
package dev.backline.beapi.campaign;

import org.jspecify.annotations.NullMarked;
