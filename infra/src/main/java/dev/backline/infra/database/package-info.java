/** Aurora, cache and search of an environment. */
@NullMarked
package dev.backline.infra.database;

import org.jspecify.annotations.NullMarked;
