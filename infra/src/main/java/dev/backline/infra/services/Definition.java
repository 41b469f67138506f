package dev.backline.infra.services;

import dev.backline.infra.EnvConfig.Size;
import dev.backline.infra.InvalidConfigurationException;
import dev.backline.infra.services.Balancer.Route;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awscdk.services.ecr.IRepository;
import software.amazon.awscdk.services.ecs.Secret;

/**
 * What is special about one service.
 *
 * @param name of the service, its container and its folder in {@code services/}
 * @param images where its images are
 * @param route absent for a service that takes messages only
 * @param settings environment variables, in an order that stays: another one is another deployment
 * @param secrets environment variables whose values ECS reads when a task starts
 */
record Definition(
    String name,
    IRepository images,
    Size size,
    Rollout rollout,
    @Nullable Route route,
    Map<String, String> settings,
    Map<String, Secret> secrets) {

  Definition {
    if (rollout instanceof Rollout.Rolling rolling && !rolling.leavesRoomFor(size.minTasks())) {
      throw new InvalidConfigurationException(
          "%s: %s leaves ECS no room to replace one of %d tasks. Raise maxPercent or minTasks."
              .formatted(name, rolling, size.minTasks()));
    }
  }
}
