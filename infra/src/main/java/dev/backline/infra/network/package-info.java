/** VPC, network ACLs, security groups, bastion and VPN of an environment. */
@NullMarked
package dev.backline.infra.network;

import org.jspecify.annotations.NullMarked;
