package dev.backline.desk;

import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ctrl-C, {@code kill} and the end of the terminal. A shutdown hook would not do: it runs once, and
 * the second Ctrl-C has a meaning of its own.
 */
public final class Signals {

  /** One request can come twice: to the whole process group, and passed on by make. */
  private static final long SAME_REQUEST_NANOS = Duration.ofSeconds(1).toNanos();

  private Signals() {}

  public static void whenAskedToStop(Runnable action) {
    install(oncePerRequest(action));
  }

  private static Runnable oncePerRequest(Runnable action) {
    var last = new AtomicLong(System.nanoTime() - 2 * SAME_REQUEST_NANOS);
    return () -> {
      long now = System.nanoTime();
      if (now - last.getAndSet(now) > SAME_REQUEST_NANOS) {
        action.run();
      }
    };
  }

  /**
   * Reflective, since the compiler warns of {@code sun.misc.Signal} by name, and that warning
   * cannot be silenced.
   */
  private static void install(Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      var run = MethodHandles.lookup().unreflect(Runnable.class.getMethod("run")).bindTo(action);
      Object onSignal =
          MethodHandleProxies.asInterfaceInstance(
              handler, MethodHandles.dropArguments(run, 0, signal));
      for (String name : List.of("INT", "TERM", "HUP")) {
        Object one = signal.getConstructor(String.class).newInstance(name);
        handle(signal.getMethod("handle", signal, handler), one, onSignal);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "This JDK has no sun.misc.Signal (module jdk.unsupported)", e);
    }
  }

  private static void handle(Method handle, Object signal, Object onSignal)
      throws ReflectiveOperationException {
    try {
      handle.invoke(null, signal, onSignal);
    } catch (InvocationTargetException e) {
      if (!(e.getCause() instanceof IllegalArgumentException)) {
        throw e;
      }
      // The JVM keeps it for itself (-Xrs).
    }
  }
}
