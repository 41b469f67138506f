/** Turns the JSON log lines of the services into lines for a person. */
@NullMarked
package dev.backline.desk.logs;

import org.jspecify.annotations.NullMarked;
