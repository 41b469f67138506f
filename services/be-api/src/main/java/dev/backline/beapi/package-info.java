/** The API behind /api: campaigns, links and their statistics. */
@NullMarked
package dev.backline.beapi;

import org.jspecify.annotations.NullMarked;
