/**
 * Rules that every feature applies to what comes in: plain text, pages and cursors; a refusal names
 * its field.
 */
@NullMarked
package dev.backline.beapi.input;

import org.jspecify.annotations.NullMarked;
