package dev.backline.gracefulshutdown.autoconfigure;

import dev.backline.gracefulshutdown.WorkInFlight;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/**
 * Calls whose futures nobody may be waiting for: messages that are being sent, acknowledgements. A
 * long poll is none of them; the listeners know when theirs are over.
 *
 * <p>Around the client, since an interceptor within is not told of a call that is cancelled or
 * times out.
 */
final class AsyncSqsCalls implements BeanPostProcessor {

  private static final String LONG_POLL = "receiveMessage";

  private final WorkInFlight calls = new WorkInFlight("sqs-calls");

  /** What is in flight, to be drained. */
  WorkInFlight calls() {
    return calls;
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String beanName) {
    return bean instanceof SqsAsyncClient client ? track(client) : bean;
  }

  SqsAsyncClient track(SqsAsyncClient client) {
    return (SqsAsyncClient)
        Proxy.newProxyInstance(
            SqsAsyncClient.class.getClassLoader(),
            new Class<?>[] {SqsAsyncClient.class},
            (proxy, method, arguments) -> invoke(client, method, arguments));
  }

  private @Nullable Object invoke(
      SqsAsyncClient client, Method method, Object @Nullable [] arguments) throws Throwable {
    try {
      Object result = method.invoke(client, arguments);
      return result instanceof CompletableFuture<?> call && !method.getName().equals(LONG_POLL)
          ? calls.track(call)
          : result;
    } catch (InvocationTargetException e) {
      throw e.getTargetException();
    }
  }
}
