/** Short links: which targets and codes are accepted, and how one is created exactly once. */
@NullMarked
package dev.backline.beapi.link;

import org.jspecify.annotations.NullMarked;
