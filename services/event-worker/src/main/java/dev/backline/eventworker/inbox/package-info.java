/**
 * What both queues share: reading a body field by field, and the two ways in which handling may
 * fail.
 */
@NullMarked
package dev.backline.eventworker.inbox;

import org.jspecify.annotations.NullMarked;
