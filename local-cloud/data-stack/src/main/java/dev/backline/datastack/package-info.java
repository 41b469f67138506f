/**
 * Creates the tables, queues, topics, subscriptions and buckets of the data-stack template on any
 * AWS endpoint.
 */
@NullMarked
package dev.backline.datastack;

import org.jspecify.annotations.NullMarked;
