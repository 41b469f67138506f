/**
 * The infrastructure of Backline: environments, and the app that makes a template of each stack.
 */
@NullMarked
package dev.backline.infra;

import org.jspecify.annotations.NullMarked;
