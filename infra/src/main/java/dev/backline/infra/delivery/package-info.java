/** How new versions get into the account. */
@NullMarked
package dev.backline.infra.delivery;

import org.jspecify.annotations.NullMarked;
