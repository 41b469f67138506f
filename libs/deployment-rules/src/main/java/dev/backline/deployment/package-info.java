/** Numbers that are written in several files of a repository and belong together. */
@NullMarked
package dev.backline.deployment;

import org.jspecify.annotations.NullMarked;
