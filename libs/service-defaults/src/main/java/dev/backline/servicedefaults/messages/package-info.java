/** Texts for people, of which a service by itself has none. */
@NullMarked
package dev.backline.servicedefaults.messages;

import org.jspecify.annotations.NullMarked;
