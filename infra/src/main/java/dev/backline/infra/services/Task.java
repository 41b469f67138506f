package dev.backline.infra.services;

import java.util.List;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Size;
import software.amazon.awscdk.services.ecs.AwsLogDriverMode;
import software.amazon.awscdk.services.ecs.AwsLogDriverProps;
import software.amazon.awscdk.services.ecs.ContainerDefinition;
import software.amazon.awscdk.services.ecs.ContainerDefinitionOptions;
import software.amazon.awscdk.services.ecs.ContainerDependency;
import software.amazon.awscdk.services.ecs.ContainerDependencyCondition;
import software.amazon.awscdk.services.ecs.ContainerImage;
import software.amazon.awscdk.services.ecs.CpuArchitecture;
import software.amazon.awscdk.services.ecs.FargateTaskDefinition;
import software.amazon.awscdk.services.ecs.HealthCheck;
import software.amazon.awscdk.services.ecs.LinuxParameters;
import software.amazon.awscdk.services.ecs.LogDriver;
import software.amazon.awscdk.services.ecs.OperatingSystemFamily;
import software.amazon.awscdk.services.ecs.PortMapping;
import software.amazon.awscdk.services.ecs.Protocol;
import software.amazon.awscdk.services.ecs.RuntimePlatform;
import software.amazon.awscdk.services.ecs.Tmpfs;
import software.amazon.awscdk.services.ecs.TmpfsMountOption;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.logs.ILogGroup;
import software.constructs.Construct;

/** A task: the service's container, and the X-Ray daemon beside it. */
final class Task {

  /** What every service's image listens on; management, on 9080, is reached by nobody. */
  static final int PORT = 8080;

  /** Equal to {@code backline.shutdown.stop-timeout}; libs/deployment-rules compares them. */
  private static final Duration STOP_TIMEOUT = Duration.seconds(30);

  private static final String XRAY_IMAGE = "public.ecr.aws/xray/aws-xray-daemon:3.7.0";
  private static final int XRAY_PORT = 2000;
  private static final int XRAY_MIB = 128;
  private static final int TMP_MIB = 64;

  private Task() {}

  static FargateTaskDefinition define(
      Construct scope, Definition definition, ILogGroup logs, String version) {
    var size = definition.size();
    var task =
        FargateTaskDefinition.Builder.create(scope, "Task")
            .family(scope.getNode().getPath().replace('/', '-'))
            .cpu(size.cpu())
            .memoryLimitMiB(size.memory())
            .runtimePlatform(
                RuntimePlatform.builder()
                    .cpuArchitecture(CpuArchitecture.ARM64)
                    .operatingSystemFamily(OperatingSystemFamily.LINUX)
                    .build())
            .build();
    var application = application(scope, task, definition, logs, version);
    // Begins after the daemon, and so ends before it: the last segments are sent.
    application.addContainerDependencies(
        ContainerDependency.builder()
            .container(daemon(task, logs))
            .condition(ContainerDependencyCondition.START)
            .build());
    task.addToTaskRolePolicy(
        PolicyStatement.Builder.create()
            .actions(List.of("xray:PutTraceSegments", "xray:PutTelemetryRecords"))
            .resources(List.of("*"))
            .build());
    return task;
  }

  private static ContainerDefinition application(
      Construct scope,
      FargateTaskDefinition task,
      Definition definition,
      ILogGroup logs,
      String version) {
    var linux = LinuxParameters.Builder.create(scope, "Linux").build();
    linux.addTmpfs(
        Tmpfs.builder()
            .containerPath("/tmp")
            .size(TMP_MIB)
            .mountOptions(
                List.of(TmpfsMountOption.NOSUID, TmpfsMountOption.NODEV, TmpfsMountOption.NOEXEC))
            .build());
    return task.addContainer(
        "Application",
        ContainerDefinitionOptions.builder()
            .containerName(definition.name())
            .image(ContainerImage.fromEcrRepository(definition.images(), version))
            .memoryLimitMiB(definition.size().memory() - XRAY_MIB)
            .portMappings(List.of(PortMapping.builder().containerPort(PORT).build()))
            .environment(definition.settings())
            .secrets(definition.secrets())
            .readonlyRootFilesystem(true)
            .linuxParameters(linux)
            .stopTimeout(STOP_TIMEOUT)
            // Not readiness: a replaced task does not bring a dependency back.
            .healthCheck(
                HealthCheck.builder()
                    .command(List.of("CMD", "java", "@/app/health", "/livez"))
                    .interval(Duration.seconds(10))
                    .timeout(Duration.seconds(5))
                    .retries(3)
                    .startPeriod(Duration.seconds(120))
                    .build())
            .logging(logs(definition.name(), logs))
            .build());
  }

  private static ContainerDefinition daemon(FargateTaskDefinition task, ILogGroup logs) {
    return task.addContainer(
        "XRay",
        ContainerDefinitionOptions.builder()
            .containerName("xray-daemon")
            .image(ContainerImage.fromRegistry(XRAY_IMAGE))
            // A service without traces is still a service.
            .essential(false)
            .memoryLimitMiB(XRAY_MIB)
            .portMappings(
                List.of(
                    PortMapping.builder().containerPort(XRAY_PORT).protocol(Protocol.UDP).build()))
            .readonlyRootFilesystem(true)
            .logging(logs("xray-daemon", logs))
            .build());
  }

  /**
   * A log that is slow must not hold up a request: lines wait in memory, the oldest are dropped.
   */
  private static LogDriver logs(String name, ILogGroup group) {
    return LogDriver.awsLogs(
        AwsLogDriverProps.builder()
            .logGroup(group)
            .streamPrefix(name)
            .mode(AwsLogDriverMode.NON_BLOCKING)
            .maxBufferSize(Size.mebibytes(25))
            .build());
  }
}
