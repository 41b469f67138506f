package dev.backline.infra.network;

import java.util.List;
import software.amazon.awscdk.Tags;
import software.amazon.awscdk.services.ec2.AmazonLinux2023ImageSsmParameterProps;
import software.amazon.awscdk.services.ec2.AmazonLinuxCpuType;
import software.amazon.awscdk.services.ec2.BlockDevice;
import software.amazon.awscdk.services.ec2.BlockDeviceVolume;
import software.amazon.awscdk.services.ec2.EbsDeviceOptions;
import software.amazon.awscdk.services.ec2.HttpTokens;
import software.amazon.awscdk.services.ec2.ISecurityGroup;
import software.amazon.awscdk.services.ec2.IVpc;
import software.amazon.awscdk.services.ec2.Instance;
import software.amazon.awscdk.services.ec2.InstanceClass;
import software.amazon.awscdk.services.ec2.InstanceSize;
import software.amazon.awscdk.services.ec2.InstanceType;
import software.amazon.awscdk.services.ec2.MachineImage;
import software.constructs.Construct;

/**
 * The one machine that people log in to, to reach the database. It holds no key: EC2 Instance
 * Connect, which IAM grants to people with MFA, puts one there for a minute. Its role may nothing.
 */
final class Bastion extends Construct {

  Bastion(Construct scope, IVpc vpc, ISecurityGroup securityGroup) {
    super(scope, "Bastion");
    var instance =
        Instance.Builder.create(this, "Instance")
            .vpc(vpc)
            .vpcSubnets(Subnets.PUBLIC)
            .associatePublicIpAddress(true)
            .securityGroup(securityGroup)
            .instanceType(InstanceType.of(InstanceClass.T4G, InstanceSize.NANO))
            // The newest image at each deployment of the network: a bastion has nothing to keep.
            .machineImage(
                MachineImage.latestAmazonLinux2023(
                    AmazonLinux2023ImageSsmParameterProps.builder()
                        .cpuType(AmazonLinuxCpuType.ARM_64)
                        .build()))
            .httpTokens(HttpTokens.REQUIRED)
            .httpPutResponseHopLimit(1)
            .detailedMonitoring(true)
            .blockDevices(
                List.of(
                    BlockDevice.builder()
                        .deviceName("/dev/xvda")
                        .volume(
                            BlockDeviceVolume.ebs(
                                8, EbsDeviceOptions.builder().encrypted(true).build()))
                        .build()))
            .build();
    Tags.of(instance).add("Name", "bastion");
  }
}
