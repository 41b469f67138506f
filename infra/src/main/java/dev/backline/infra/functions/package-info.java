/** The functions of {@code infra/functions} on Lambda. */
@NullMarked
package dev.backline.infra.functions;

import org.jspecify.annotations.NullMarked;
