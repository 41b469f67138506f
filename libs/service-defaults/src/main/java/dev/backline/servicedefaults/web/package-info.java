/** Problem+json for every error, and limits for what comes in. */
@NullMarked
package dev.backline.servicedefaults.web;

import org.jspecify.annotations.NullMarked;
