/** What all controllers share: preconditions, and answers to input that is refused. */
@NullMarked
package dev.backline.beapi.input.web;

import org.jspecify.annotations.NullMarked;
