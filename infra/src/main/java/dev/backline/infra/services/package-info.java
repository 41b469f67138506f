/** The services on ECS, and the load balancer before them. */
@NullMarked
package dev.backline.infra.services;

import org.jspecify.annotations.NullMarked;
