/**
 * Redis keys in namespaces that SCAN walks and UNLINK clears, without ever blocking the server by
 * KEYS.
 */
@NullMarked
package dev.backline.rediskeyspace;

import org.jspecify.annotations.NullMarked;
