/** The cache level that all redirectors share, and the news of changed links. */
@NullMarked
package dev.backline.redirector.link.redis;

import org.jspecify.annotations.NullMarked;
