/** Tables, queues, topic and buckets: what local clouds create, too. */
@NullMarked
package dev.backline.infra.data;

import org.jspecify.annotations.NullMarked;
