/** QR codes as PNG and SVG. */
@NullMarked
package dev.backline.redirector.qr;

import org.jspecify.annotations.NullMarked;
