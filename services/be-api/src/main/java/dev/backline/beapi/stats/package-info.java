/** Statistics of a link, summed from its counted clicks. */
@NullMarked
package dev.backline.beapi.stats;

import org.jspecify.annotations.NullMarked;
