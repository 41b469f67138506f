@NullMarked
package dev.backline.beapi.link.bulk;

import org.jspecify.annotations.NullMarked;
