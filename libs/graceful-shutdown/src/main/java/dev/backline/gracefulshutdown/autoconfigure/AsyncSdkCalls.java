package dev.backline.gracefulshutdown.autoconfigure;

import dev.backline.gracefulshutdown.DrainableWork;
import dev.backline.gracefulshutdown.WorkInFlight;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;

/**
 * Calls of asynchronous AWS clients, whose futures nobody may be waiting for: messages that are
 * being sent, acknowledgements. A long poll is none of them; the listeners know when theirs are
 * over.
 */
final class AsyncSdkCalls implements DrainableWork, ExecutionInterceptor {

  private static final ExecutionAttribute<CompletableFuture<Void>> CALL =
      new ExecutionAttribute<>("backline.shutdown.call");

  private final WorkInFlight calls = new WorkInFlight("aws-calls");

  @Override
  public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
    if (!(context.request() instanceof ReceiveMessageRequest)) {
      attributes.putAttribute(CALL, calls.track(new CompletableFuture<>()));
    }
  }

  @Override
  public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
    end(attributes);
  }

  @Override
  public void onExecutionFailure(Context.FailedExecution context, ExecutionAttributes attributes) {
    end(attributes);
  }

  private static void end(ExecutionAttributes attributes) {
    CompletableFuture<Void> call = attributes.getAttribute(CALL);
    if (call != null) {
      call.complete(null);
    }
  }

  @Override
  public String name() {
    return calls.name();
  }

  @Override
  public void stopIntake() {}

  @Override
  public int inFlight() {
    return calls.inFlight();
  }
}
