/**
 * Health checks that ask what the service needs, in bounded time, and tell missing from merely
 * degraded.
 */
@NullMarked
package dev.backline.servicedefaults.health;

import org.jspecify.annotations.NullMarked;
