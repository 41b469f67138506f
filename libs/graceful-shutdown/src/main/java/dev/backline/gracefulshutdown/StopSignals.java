package dev.backline.gracefulshutdown;

import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * SIGTERM, Ctrl-C and the end of the terminal, told to whoever wants to do more than a shutdown
 * hook can: a hook runs once, so that a second Ctrl-C has no meaning, and cannot choose the exit
 * code.
 */
public final class StopSignals implements AutoCloseable {

  /** One request can come twice: to the whole process group, and passed on by make. */
  private static final long SAME_REQUEST_NANOS = Duration.ofSeconds(1).toNanos();

  private static final List<String> NAMES = List.of("INT", "TERM", "HUP");

  private final AtomicLong last = new AtomicLong(System.nanoTime() - SAME_REQUEST_NANOS);
  private final Map<Object, Object> previous = new LinkedHashMap<>();
  private final Consumer<String> listener;

  private StopSignals(Consumer<String> listener) {
    this.listener = listener;
  }

  /**
   * Takes the signals over from the JVM, until closed. A signal that the JVM keeps for itself
   * ({@code -Xrs}) is left to it.
   *
   * @param listener gets {@code INT}, {@code TERM} or {@code HUP}, on a thread of the JVM's;
   *     whatever comes within a second is taken for the same request
   * @throws IllegalStateException if this JDK has no {@code sun.misc.Signal} (module
   *     jdk.unsupported)
   */
  public static StopSignals listen(Consumer<String> listener) {
    StopSignals signals = new StopSignals(listener);
    signals.install();
    return signals;
  }

  /** Gives the signals back to whoever had them before. */
  @Override
  public void close() {
    previous.forEach(StopSignals::handle);
    previous.clear();
  }

  private void install() {
    for (String name : NAMES) {
      Object signal = signal(name);
      Object before = handle(signal, handler(() -> onSignal(name)));
      if (before != null) {
        previous.put(signal, before);
      }
    }
  }

  private void onSignal(String name) {
    long now = System.nanoTime();
    long before = last.get();
    if (now - before >= SAME_REQUEST_NANOS && last.compareAndSet(before, now)) {
      listener.accept(name);
    }
  }

  // Reflective: the compiler warns of sun.misc.Signal by name, and that cannot be silenced.

  private static Object signal(String name) {
    try {
      return Class.forName("sun.misc.Signal").getConstructor(String.class).newInstance(name);
    } catch (ReflectiveOperationException e) {
      throw missing(e);
    }
  }

  private static Object handler(Runnable action) {
    try {
      var run = MethodHandles.lookup().unreflect(Runnable.class.getMethod("run")).bindTo(action);
      return MethodHandleProxies.asInterfaceInstance(
          Class.forName("sun.misc.SignalHandler"),
          MethodHandles.dropArguments(run, 0, Class.forName("sun.misc.Signal")));
    } catch (ReflectiveOperationException e) {
      throw missing(e);
    }
  }

  /** Returns the handler before, null if the JVM keeps the signal for itself. */
  private static @Nullable Object handle(Object signal, Object handler) {
    try {
      return signal
          .getClass()
          .getMethod("handle", signal.getClass(), Class.forName("sun.misc.SignalHandler"))
          .invoke(null, signal, handler);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException) {
        return null;
      }
      throw missing(e);
    } catch (ReflectiveOperationException e) {
      throw missing(e);
    }
  }

  private static IllegalStateException missing(ReflectiveOperationException e) {
    return new IllegalStateException("This JDK has no sun.misc.Signal (module jdk.unsupported)", e);
  }
}
