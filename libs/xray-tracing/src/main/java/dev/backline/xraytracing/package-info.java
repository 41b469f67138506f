/** Traces in the X-Ray format; the only package that knows the X-Ray SDK. */
@NullMarked
package dev.backline.xraytracing;

import org.jspecify.annotations.NullMarked;
