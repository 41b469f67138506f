/** Campaigns over HTTP. */
@NullMarked
package dev.backline.beapi.campaign.web;

import org.jspecify.annotations.NullMarked;
