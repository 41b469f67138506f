/** Consumers of the suite's queues: clicks become statistics, campaign changes become previews. */
@NullMarked
package dev.backline.eventworker;

import org.jspecify.annotations.NullMarked;
