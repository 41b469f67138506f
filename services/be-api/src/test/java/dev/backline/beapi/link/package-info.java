@NullMarked
package dev.backline.beapi.link;

import org.jspecify.annotations.NullMarked;
