/** What runs at CloudFront's edge and has to be in us-east-1: certificate, firewall, functions. */
@NullMarked
package dev.backline.infra.edge;

import org.jspecify.annotations.NullMarked;
