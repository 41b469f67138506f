/** The commands of a person at the desk: run, demo, token and what they share. */
@NullMarked
package dev.backline.desk;

import org.jspecify.annotations.NullMarked;
