/** What a code stands for, and the three levels it is looked up in. */
@NullMarked
package dev.backline.redirector.link;

import org.jspecify.annotations.NullMarked;
