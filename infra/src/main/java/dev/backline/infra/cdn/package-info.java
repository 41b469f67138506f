/** The two distributions, what they log, and the names that lead to them. */
@NullMarked
package dev.backline.infra.cdn;

import org.jspecify.annotations.NullMarked;
