@NullMarked
package dev.backline.beapi.stats;

import org.jspecify.annotations.NullMarked;
