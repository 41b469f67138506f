/** Alarms, each with the page that says what to do. */
@NullMarked
package dev.backline.infra.alarms;

import org.jspecify.annotations.NullMarked;
