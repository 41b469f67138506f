/** Plays the README's story against a running suite. */
@NullMarked
package dev.backline.desk.demo;

import org.jspecify.annotations.NullMarked;
