/** What every Backline service has in common: settings, errors, health and logs. */
@NullMarked
package dev.backline.servicedefaults;

import org.jspecify.annotations.NullMarked;
