/** Receives X-Ray segments and keeps the last traces. */
@NullMarked
package dev.backline.localcloud.traces;

import org.jspecify.annotations.NullMarked;
