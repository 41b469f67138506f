/** What the synthesized templates tell people: what there is, what it costs, how it looks. */
@NullMarked
package dev.backline.infra.report;

import org.jspecify.annotations.NullMarked;
