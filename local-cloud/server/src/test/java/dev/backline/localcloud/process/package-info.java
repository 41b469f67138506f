/**
 * The real servers that run beside the JVM, Redis and PostgreSQL, as children that never outlive
 * it.
 */
@NullMarked
package dev.backline.localcloud.process;

import org.jspecify.annotations.NullMarked;
