/** Hooks the drain into Spring Boot's shutdown, the web server and the SQS listeners. */
@NullMarked
package dev.backline.gracefulshutdown.autoconfigure;

import org.jspecify.annotations.NullMarked;
