@NullMarked
package dev.backline.beapi;

import org.jspecify.annotations.NullMarked;
