/** AWS, Redis and PostgreSQL in one process tree, for a machine with nothing but a JDK. */
@NullMarked
package dev.backline.localcloud;

import org.jspecify.annotations.NullMarked;
