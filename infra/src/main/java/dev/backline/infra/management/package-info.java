/** What the environments share: the management network and the people. */
@NullMarked
package dev.backline.infra.management;

import org.jspecify.annotations.NullMarked;
