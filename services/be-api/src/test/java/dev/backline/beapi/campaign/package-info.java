@NullMarked
package dev.backline.beapi.campaign;

import org.jspecify.annotations.NullMarked;
