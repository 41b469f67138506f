/** The short-link host: follows codes, counts clicks. */
@NullMarked
package dev.backline.redirector;

import org.jspecify.annotations.NullMarked;
