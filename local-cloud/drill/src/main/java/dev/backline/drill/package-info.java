/** Replaces instances of a service under load, as a deployment does, and counts what is lost. */
@NullMarked
package dev.backline.drill;

import org.jspecify.annotations.NullMarked;
