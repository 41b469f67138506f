/** What watches over an environment. */
@NullMarked
package dev.backline.infra.ops;

import org.jspecify.annotations.NullMarked;
