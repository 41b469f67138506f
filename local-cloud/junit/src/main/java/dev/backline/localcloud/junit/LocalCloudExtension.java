package dev.backline.localcloud.junit;

import static org.junit.platform.commons.support.AnnotationSupport.findRepeatableAnnotations;

import java.lang.reflect.Method;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.TestAbortedException;

/**
 * Behind {@link LocalCloud}: fails fast when there is no cloud, resolves {@link Cloud} parameters,
 * and takes {@link Differs} into account.
 */
final class LocalCloudExtension
    implements BeforeAllCallback, ParameterResolver, InvocationInterceptor {

  @Override
  public void beforeAll(ExtensionContext context) {
    Clouds.of(context.getRequiredTestClass());
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Cloud.class;
  }

  @Override
  public Cloud resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return Clouds.of(context.getRequiredTestClass());
  }

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    var emulator = Clouds.of(context.getRequiredTestClass()).emulator();
    var difference =
        findRepeatableAnnotations(method.getExecutable(), Differs.class).stream()
            .filter(differs -> differs.on().equals(emulator))
            .findFirst();
    if (difference.isEmpty()) {
      invocation.proceed();
      return;
    }
    try {
      invocation.proceed();
    } catch (Exception | AssertionError e) {
      throw new TestAbortedException(emulator + " differs: " + difference.get().how(), e);
    }
    throw new AssertionError(
        "%s does it as AWS by now: remove @Differs(\"%s\")"
            .formatted(emulator, difference.get().how()));
  }
}
