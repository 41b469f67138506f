package dev.backline.drill;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/** Takes every message of a queue, in the place of the service that would. */
final class QueueReader implements AutoCloseable {

  private static final Duration AFTER_A_FAILURE = Duration.ofMillis(200);

  private final SqsClient sqs;
  private final String url;
  private final Consumer<String> bodies;
  private final Thread thread;
  private volatile boolean closed;

  QueueReader(SqsClient sqs, String queue, Consumer<String> bodies) {
    this.sqs = sqs;
    this.url = sqs.getQueueUrl(request -> request.queueName(queue)).queueUrl();
    this.bodies = bodies;
    this.thread = Thread.ofVirtual().name("read-" + queue).start(this::run);
  }

  private void run() {
    while (!closed) {
      try {
        receive();
      } catch (SdkException outage) {
        // SQS may be away on purpose.
        LockSupport.parkNanos(AFTER_A_FAILURE.toNanos());
      }
    }
  }

  private void receive() {
    for (Message message :
        sqs.receiveMessage(
                request -> request.queueUrl(url).maxNumberOfMessages(10).waitTimeSeconds(1))
            .messages()) {
      bodies.accept(message.body());
      sqs.deleteMessage(request -> request.queueUrl(url).receiptHandle(message.receiptHandle()));
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
