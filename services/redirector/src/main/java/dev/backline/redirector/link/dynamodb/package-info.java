/** Reads links from the table that be-api writes. */
@NullMarked
package dev.backline.redirector.link.dynamodb;

import org.jspecify.annotations.NullMarked;
