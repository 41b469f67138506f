/** Removes outdated campaign pages from CloudFront's caches. */
@NullMarked
package dev.backline.eventworker.campaign.cloudfront;

import org.jspecify.annotations.NullMarked;
