/** What is kept of a visit, and the bounded buffer it waits in. */
@NullMarked
package dev.backline.redirector.click;

import org.jspecify.annotations.NullMarked;
