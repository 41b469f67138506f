package dev.backline.beapi.link.bulk;

import org.jspecify.annotations.Nullable;

/**
 * One line of a file.
 *
 * @param number 1 for the first line of the file, headers and blank lines counted
 * @param text null when the line cannot be read
 * @param fault why it cannot be read, to be read after "line"
 */
record Line(long number, @Nullable String text, @Nullable String fault) {}
