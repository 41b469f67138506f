package dev.backline.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which part of the design a class belongs to, told by its package. */
final class Layout {

  private static final String APPLICATION =
      "org.springframework.boot.autoconfigure.SpringBootApplication";
  private static final String NULL_MARKED = "org.jspecify.annotations.NullMarked";
  private static final String WIRING = "config";
  private static final Set<String> ADAPTERS =
      Set.of("web", "dynamodb", "postgres", "sqs", "sns", "redis", "cloudfront");

  static final DescribedPredicate<JavaClass> ARE_IN_A_FEATURE =
      DescribedPredicate.describe("are in a feature package", Layout::isInAFeature);

  static final ArchCondition<JavaClass> NOT_DEPEND_ON_ADAPTERS =
      new ArchCondition<>("not depend on adapters") {
        @Override
        public void check(JavaClass item, ConditionEvents events) {
          for (Dependency dependency : item.getDirectDependenciesFromSelf()) {
            JavaClass target = dependency.getTargetClass();
            boolean ofSameApplication = root(item).isPresent() && root(item).equals(root(target));
            if (ofSameApplication && isAdapter(path(target))) {
              events.add(SimpleConditionEvent.violated(item, dependency.getDescription()));
            }
          }
        }
      };

  static final ArchCondition<JavaClass> RESIDE_IN_A_NULL_MARKED_PACKAGE =
      new ArchCondition<>("reside in a package that is @NullMarked") {
        @Override
        public void check(JavaClass item, ConditionEvents events) {
          if (!item.getPackage().isAnnotatedWith(NULL_MARKED)) {
            events.add(
                SimpleConditionEvent.violated(
                    item, "Package " + item.getPackageName() + " is not @NullMarked"));
          }
        }
      };

  static final SliceAssignment FEATURES =
      new SliceAssignment() {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
          List<String> path = path(javaClass);
          return path.isEmpty() || path.getFirst().equals(WIRING)
              ? SliceIdentifier.ignore()
              : SliceIdentifier.of(path.getFirst());
        }

        @Override
        public String getDescription() {
          return "features";
        }
      };

  private Layout() {}

  private static boolean isInAFeature(JavaClass javaClass) {
    List<String> path = path(javaClass);
    return !path.isEmpty() && !path.getFirst().equals(WIRING) && !isAdapter(path);
  }

  private static boolean isAdapter(List<String> path) {
    return path.stream().anyMatch(ADAPTERS::contains);
  }

  /** The package's parts below the root; empty in the root itself and outside any application. */
  private static List<String> path(JavaClass javaClass) {
    return root(javaClass)
        .map(root -> javaClass.getPackageName().substring(root.length()))
        .filter(below -> !below.isEmpty())
        .map(below -> List.of(below.substring(1).split("\\.", -1)))
        .orElse(List.of());
  }

  private static Optional<String> root(JavaClass javaClass) {
    Optional<JavaPackage> candidate = Optional.of(javaClass.getPackage());
    while (candidate.isPresent()) {
      if (candidate.get().getClasses().stream().anyMatch(it -> it.isAnnotatedWith(APPLICATION))) {
        return candidate.map(JavaPackage::getName);
      }
      candidate = candidate.get().getParent();
    }
    return Optional.empty();
  }
}
