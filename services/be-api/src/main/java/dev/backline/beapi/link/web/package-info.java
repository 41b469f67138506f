/** Links over HTTP, one by one and in bulk. */
@NullMarked
package dev.backline.beapi.link.web;

import org.jspecify.annotations.NullMarked;
