/** The design rules of the suite, executable. */
@NullMarked
package dev.backline.architecture;

import org.jspecify.annotations.NullMarked;
