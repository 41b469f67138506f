package dev.backline.localcloud.junit;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The clouds of this test JVM: one connection, and one set of isolated resources per test class.
 */
final class Clouds {

  private static final Map<String, Cloud> ISOLATED = new ConcurrentHashMap<>();

  private static volatile @Nullable Connection connection;

  private Clouds() {}

  static Cloud of(Class<?> testClass) {
    return find(testClass)
        .orElseThrow(
            () -> new IllegalStateException(testClass + " is not annotated with @LocalCloud"));
  }

  /** The cloud of a class that is annotated, itself or through a class that encloses it. */
  static Optional<Cloud> find(Class<?> testClass) {
    for (Class<?> candidate = testClass;
        candidate != null;
        candidate = candidate.getEnclosingClass()) {
      var annotation = candidate.getAnnotation(LocalCloud.class);
      if (annotation != null) {
        var name =
            annotation.shared().isEmpty() ? candidate.getName() : "shared " + annotation.shared();
        return Optional.of(ISOLATED.computeIfAbsent(name, any -> Cloud.isolated(connection())));
      }
    }
    return Optional.empty();
  }

  private static synchronized Connection connection() {
    var known = connection;
    if (known == null) {
      known = Connection.choose(System.getProperty("cloud", "embedded"), System.getenv());
      connection = known;
    }
    return known;
  }
}
