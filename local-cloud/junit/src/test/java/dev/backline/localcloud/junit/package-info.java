/** What the suite relies on, stated as tests that any cloud must pass. */
@NullMarked
package dev.backline.localcloud.junit;

import org.jspecify.annotations.NullMarked;
