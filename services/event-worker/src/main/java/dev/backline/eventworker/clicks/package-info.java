/** Counts clicks once, whatever number of times their message is delivered. */
@NullMarked
package dev.backline.eventworker.clicks;

import org.jspecify.annotations.NullMarked;
