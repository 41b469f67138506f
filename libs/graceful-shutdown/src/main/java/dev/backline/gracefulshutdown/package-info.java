/**
 * The drain at shutdown, free of any framework: one deadline, the lame duck, work that is drained.
 */
@NullMarked
package dev.backline.gracefulshutdown;

import org.jspecify.annotations.NullMarked;
