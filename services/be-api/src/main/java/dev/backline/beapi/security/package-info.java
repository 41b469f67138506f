/** What a caller's token allows. */
@NullMarked
package dev.backline.beapi.security;

import org.jspecify.annotations.NullMarked;
