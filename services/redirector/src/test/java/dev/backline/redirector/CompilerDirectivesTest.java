package dev.backline.redirector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.core.annotation.MergedAnnotations;

/** The list of what only a start runs goes with the versions of Spring and the JDK. */
class CompilerDirectivesTest {

  private static final Path DIRECTIVES = Path.of("../../containers/services/compiler.directives");
  private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");
  private static final Set<String> NAMES = new TreeSet<>();

  @BeforeAll
  static void findClasses() throws IOException {
    Path jdk = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("modules", "java.base");
    try (Stream<Path> files = Files.walk(jdk)) {
      files.map(jdk::relativize).map(Path::toString).forEach(NAMES::add);
    }
    for (Class<?> of :
        List.of(BeanFactory.class, MergedAnnotations.class, SpringApplication.class)) {
      URL library = of.getProtectionDomain().getCodeSource().getLocation();
      try (var jar = new JarFile(library.getPath())) {
        jar.stream().map(JarEntry::getName).forEach(NAMES::add);
      }
    }
  }

  static Stream<String> patterns() throws IOException {
    return QUOTED.matcher(Files.readString(DIRECTIVES)).results().map(result -> result.group(1));
  }

  @ParameterizedTest
  @MethodSource("patterns")
  void aPatternIsOfCodeThatIsThere(String pattern) throws ClassNotFoundException {
    int dot = pattern.lastIndexOf('.');
    String type = pattern.substring(0, dot);
    String method = pattern.substring(dot + 1);
    String start = type.endsWith("*") ? type.substring(0, type.length() - 1) : type + ".class";
    assertThat(NAMES).anyMatch(name -> name.startsWith(start));
    if (!method.equals("*")) {
      assertThat(Class.forName(type.replace('/', '.')).getDeclaredMethods())
          .extracting(Method::getName)
          .contains(method);
    }
  }
}
