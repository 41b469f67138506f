/** Statistics over HTTP. */
@NullMarked
package dev.backline.beapi.stats.web;

import org.jspecify.annotations.NullMarked;
