/** Access rules and the OpenAPI document. */
@NullMarked
package dev.backline.beapi.config;

import org.jspecify.annotations.NullMarked;
