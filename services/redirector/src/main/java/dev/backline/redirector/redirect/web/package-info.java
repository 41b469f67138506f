/** The HTTP face of the short-link host. */
@NullMarked
package dev.backline.redirector.redirect.web;

import org.jspecify.annotations.NullMarked;
