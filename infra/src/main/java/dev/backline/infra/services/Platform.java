package dev.backline.infra.services;

import dev.backline.infra.EnvConfig;
import software.amazon.awscdk.services.ec2.ISecurityGroup;
import software.amazon.awscdk.services.ec2.IVpc;
import software.amazon.awscdk.services.ecs.ICluster;

/**
 * What all services of an environment have in common.
 *
 * @param version tag of the images
 */
record Platform(
    EnvConfig env,
    IVpc vpc,
    ISecurityGroup securityGroup,
    ICluster cluster,
    Balancer balancer,
    String version) {}
