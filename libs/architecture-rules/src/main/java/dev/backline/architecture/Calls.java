package dev.backline.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;

/** Calls and method references that are recognised by their target. */
final class Calls {

  static final DescribedPredicate<JavaAccess<?>> KEYS_OF_REDIS =
      DescribedPredicate.describe("the target is Redis' KEYS", Calls::isKeysOfRedis);

  private Calls() {}

  private static boolean isKeysOfRedis(JavaAccess<?> access) {
    AccessTarget target = access.getTarget();
    JavaClass owner = target.getOwner();
    // HashOperations.keys is HKEYS, which looks into one hash.
    return target.getName().equals("keys")
        && !owner.getSimpleName().contains("Hash")
        && (isOfRedisClient(owner)
            || owner.getAllRawSuperclasses().stream().anyMatch(Calls::isOfRedisClient)
            || owner.getAllRawInterfaces().stream().anyMatch(Calls::isOfRedisClient));
  }

  private static boolean isOfRedisClient(JavaClass type) {
    return type.getPackageName().startsWith("org.springframework.data.redis")
        || type.getPackageName().startsWith("io.lettuce.core");
  }
}
