/** Notices to the redirectors' caches that a link has changed. */
@NullMarked
package dev.backline.beapi.link.redis;

import org.jspecify.annotations.NullMarked;
