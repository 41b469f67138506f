/** A small supervisor: starts processes in order, waits for them, and never leaves one behind. */
@NullMarked
package dev.backline.desk.process;

import org.jspecify.annotations.NullMarked;
