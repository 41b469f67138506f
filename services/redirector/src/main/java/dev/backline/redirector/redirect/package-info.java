/** Follows a code: the link's state decides, a followed link is a click. */
@NullMarked
package dev.backline.redirector.redirect;

import org.jspecify.annotations.NullMarked;
