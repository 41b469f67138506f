/** Links in bulk: files of any size, one link per line, in bounded memory. */
@NullMarked
package dev.backline.beapi.link.bulk;

import org.jspecify.annotations.NullMarked;
