/** The health check of a container. */
@NullMarked
package dev.backline.healthcheck;

import org.jspecify.annotations.NullMarked;
