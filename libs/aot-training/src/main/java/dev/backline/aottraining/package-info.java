/** The training run of an AOT cache. */
@NullMarked
package dev.backline.aottraining;

import org.jspecify.annotations.NullMarked;
