package dev.backline.infra.network;

import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.ec2.FlowLogDestination;
import software.amazon.awscdk.services.ec2.FlowLogMaxAggregationInterval;
import software.amazon.awscdk.services.ec2.FlowLogOptions;
import software.amazon.awscdk.services.ec2.FlowLogTrafficType;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;

/** Who talked to whom, accepted and rejected. */
final class FlowLogs extends Construct {

  FlowLogs(Construct scope, Vpc vpc, boolean protect) {
    super(scope, "FlowLogs");
    var group =
        LogGroup.Builder.create(this, "LogGroup")
            .retention(protect ? RetentionDays.THREE_MONTHS : RetentionDays.TWO_WEEKS)
            .removalPolicy(protect ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY)
            .build();
    vpc.addFlowLog(
        "FlowLog",
        FlowLogOptions.builder()
            .destination(FlowLogDestination.toCloudWatchLogs(group))
            .trafficType(FlowLogTrafficType.ALL)
            .maxAggregationInterval(FlowLogMaxAggregationInterval.TEN_MINUTES)
            .build());
  }
}
