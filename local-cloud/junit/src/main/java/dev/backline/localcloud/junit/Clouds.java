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

  private static @Nullable Connection connection;
  private static @Nullable String failure;

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

  /** What has failed once is not tried again for each class: a pull may take minutes to fail. */
  private static synchronized Connection connection() {
    if (failure != null) {
      throw new IllegalStateException("There is no cloud, see the first failure: " + failure);
    }
    try {
      if (connection == null) {
        connection = connect();
      }
      return connection;
    } catch (RuntimeException e) {
      failure = String.valueOf(e.getMessage());
      throw e;
    }
  }

  private static Connection connect() {
    var choice =
        new CloudChoice(new Docker("docker"), System.getProperty("cloud.image"), System.getenv());
    var name = System.getProperty("cloud");
    return choice.connect(name == null ? choice.byDefault() : name);
  }
}
