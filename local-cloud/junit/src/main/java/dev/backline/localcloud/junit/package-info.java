/** The local cloud for tests: one per build, with isolated resources per test class. */
@NullMarked
package dev.backline.localcloud.junit;

import org.jspecify.annotations.NullMarked;
