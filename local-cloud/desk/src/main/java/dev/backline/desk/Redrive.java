package dev.backline.desk;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.ListMessageMoveTasksResultEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code make redrive QUEUE=clicks}: tells why messages were put aside, and puts them back into
 * their queue. Works on the desk's cloud only, whatever AWS account the shell is signed in to.
 */
public final class Redrive {

  /** Enough to see the reasons; more would only be counted, not shown. */
  private static final int MOST_READ = 1_000;

  /** Long enough to read {@link #MOST_READ} messages without meeting one twice. */
  private static final int HIDDEN_WHILE_READ_SECONDS = 30;

  private static final Duration MOVE_LIMIT = Duration.ofMinutes(5);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
  private static final Pattern REASON = Pattern.compile("[a-z][a-z-]{0,39}");
  private static final String NO_REASON = "none: failed until SQS gave up";

  private final SqsClient sqs;
  private final PrintStream out;

  Redrive(SqsClient sqs, PrintStream out) {
    this.sqs = sqs;
    this.out = out;
  }

  public static void main(String[] arguments) throws IOException {
    Command.run(
        () -> {
          Settings settings = Settings.ofRunning(System.getenv(), Run.WRITTEN_DOWN);
          String endpoint = settings.url(Port.CLOUD);
          try (SqsClient sqs =
              SqsClient.builder()
                  .endpointOverride(URI.create(endpoint))
                  .region(Region.AP_NORTHEAST_2)
                  .credentialsProvider(
                      StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                  .build()) {
            new Redrive(sqs, System.out).redrive(System.getenv().getOrDefault("QUEUE", "").strip());
          } catch (SdkClientException e) {
            throw new UsageException(
                "Nothing answers at %s; does `make run` run? (%s)"
                    .formatted(endpoint, e.getMessage()));
          }
        });
  }

  void redrive(String queue) {
    if (queue.isEmpty()) {
      throw new UsageException("Which queue? For example: make redrive QUEUE=clicks." + known());
    }
    String deadLetterArn = deadLetterArn(queue);
    String deadLetterQueue = deadLetterArn.substring(deadLetterArn.lastIndexOf(':') + 1);
    String deadLetterUrl = url(deadLetterQueue);

    List<Message> messages = read(deadLetterUrl);
    if (messages.isEmpty()) {
      out.printf("%s is empty: nothing to bring back to %s.%n", deadLetterQueue, queue);
      return;
    }
    out.printf(
        "%s%d message%s in %s:%n",
        messages.size() < MOST_READ ? "" : "At least ",
        messages.size(),
        messages.size() == 1 ? "" : "s",
        deadLetterQueue);
    reasons(messages).forEach((reason, count) -> out.printf("  %5d  %s%n", count, reason));
    show(deadLetterUrl, messages);

    long moved = move(deadLetterArn, deadLetterUrl, arn(url(queue)), messages.size());
    out.printf("%d moved to %s.%n", moved, queue);
    out.printf("What is still refused comes back to %s.%n", deadLetterQueue);
  }

  private List<Message> read(String url) {
    List<Message> messages = new ArrayList<>();
    while (messages.size() < MOST_READ) {
      List<Message> some =
          sqs.receiveMessage(
                  receive ->
                      receive
                          .queueUrl(url)
                          .maxNumberOfMessages(10)
                          .waitTimeSeconds(1)
                          .visibilityTimeout(HIDDEN_WHILE_READ_SECONDS)
                          .messageAttributeNames("reason", "detail"))
              .messages();
      if (some.isEmpty()) {
        break;
      }
      messages.addAll(some);
    }
    return messages;
  }

  private static SortedMap<String, Integer> reasons(List<Message> messages) {
    SortedMap<String, Integer> reasons = new TreeMap<>();
    for (Message message : messages) {
      MessageAttributeValue attribute = message.messageAttributes().get("reason");
      String reason = attribute == null ? null : attribute.stringValue();
      // Anyone who may send to the queue chooses the text; a terminal obeys some of them.
      boolean readable = reason != null && REASON.matcher(reason).matches();
      reasons.merge(readable && reason != null ? reason : NO_REASON, 1, Integer::sum);
    }
    return reasons;
  }

  private void show(String url, List<Message> messages) {
    for (int from = 0; from < messages.size(); from += 10) {
      List<Message> some = messages.subList(from, Math.min(from + 10, messages.size()));
      List<ChangeMessageVisibilityBatchRequestEntry> entries = new ArrayList<>();
      for (Message message : some) {
        entries.add(
            ChangeMessageVisibilityBatchRequestEntry.builder()
                .id(Integer.toString(entries.size()))
                .receiptHandle(message.receiptHandle())
                .visibilityTimeout(0)
                .build());
      }
      sqs.changeMessageVisibilityBatch(change -> change.queueUrl(url).entries(entries));
    }
  }

  /**
   * The destination has to be named: SQS does not know where messages come from that a service
   * sent.
   */
  private long move(String sourceArn, String sourceUrl, String destinationArn, int expected) {
    sqs.startMessageMoveTask(start -> start.sourceArn(sourceArn).destinationArn(destinationArn));
    var task = new ListMessageMoveTasksResultEntry[1];
    await(
        () -> {
          task[0] =
              sqs
                  .listMessageMoveTasks(list -> list.sourceArn(sourceArn).maxResults(1))
                  .results()
                  .stream()
                  .findFirst()
                  .orElse(null);
          return task[0] == null || !"RUNNING".equals(task[0].status());
        });
    if (task[0] != null && "FAILED".equals(task[0].status())) {
      throw new UsageException("SQS could not move them: " + task[0].failureReason());
    }
    Long moved = task[0] == null ? null : task[0].approximateNumberOfMessagesMoved();
    return moved == null ? Math.max(expected - waiting(sourceUrl), 0) : moved;
  }

  private static void await(BooleanSupplier condition) {
    long giveUpAt = System.nanoTime() + MOVE_LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - giveUpAt > 0) {
        throw new UsageException("SQS still moves them after %s".formatted(MOVE_LIMIT));
      }
      try {
        Thread.sleep(BETWEEN_LOOKS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new UsageException("Interrupted; SQS goes on moving them");
      }
    }
  }

  private String deadLetterArn(String queue) {
    String policy;
    try {
      policy =
          attributes(url(queue), QueueAttributeName.REDRIVE_POLICY)
              .get(QueueAttributeName.REDRIVE_POLICY);
    } catch (QueueDoesNotExistException e) {
      throw new UsageException("There is no queue '%s'.%s".formatted(queue, known()));
    }
    if (policy == null) {
      throw new UsageException(
          "%s has no dead-letter queue; name the queue that messages go back to.%s"
              .formatted(queue, known()));
    }
    return JsonMapper.shared().readTree(policy).path("deadLetterTargetArn").asString();
  }

  private String known() {
    List<String> known = new ArrayList<>();
    for (String url : sqs.listQueues().queueUrls()) {
      if (attributes(url, QueueAttributeName.REDRIVE_POLICY)
          .containsKey(QueueAttributeName.REDRIVE_POLICY)) {
        known.add(url.substring(url.lastIndexOf('/') + 1));
      }
    }
    return known.isEmpty() ? "" : " Queues: " + String.join(", ", known);
  }

  private long waiting(String url) {
    return Long.parseLong(
        attributes(url, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES)
            .getOrDefault(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES, "0"));
  }

  private String url(String queue) {
    return sqs.getQueueUrl(get -> get.queueName(queue)).queueUrl();
  }

  private String arn(String url) {
    return attributes(url, QueueAttributeName.QUEUE_ARN)
        .getOrDefault(QueueAttributeName.QUEUE_ARN, "");
  }

  private Map<QueueAttributeName, String> attributes(String url, QueueAttributeName name) {
    return sqs.getQueueAttributes(get -> get.queueUrl(url).attributeNames(name)).attributes();
  }
}
