package dev.backline.redirector.link.redis;

import dev.backline.redirector.link.LinkCode;
import dev.backline.redirector.link.Links;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.data.redis.connection.Message;
import org.springframework.data.redis.connection.MessageListener;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.listener.ChannelTopic;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;

/**
 * Hears from be-api which links changed. Redis need not be there when the redirector starts:
 * subscribing is tried until it works; once subscribed, the client does so again by itself after
 * each loss of the connection.
 */
final class LinkChanges implements SmartLifecycle, MessageListener {

  private static final Logger log = LoggerFactory.getLogger(LinkChanges.class);

  static final String CHANNEL = "backline:links:changed";

  private static final Duration RETRY = Duration.ofSeconds(1);

  private final RedisConnectionFactory connections;
  private final Links links;
  private volatile @Nullable Thread subscriber;
  private volatile @Nullable RedisMessageListenerContainer container;

  LinkChanges(RedisConnectionFactory connections, Links links) {
    this.connections = connections;
    this.links = links;
  }

  @Override
  public void onMessage(Message message, byte @Nullable [] pattern) {
    LinkCode.of(new String(message.getBody(), StandardCharsets.UTF_8)).ifPresent(links::changed);
  }

  @Override
  public void start() {
    Thread thread = Thread.ofVirtual().name("link-changes").unstarted(this::subscribe);
    subscriber = thread;
    thread.start();
  }

  private void subscribe() {
    boolean told = false;
    while (true) {
      // A container whose start has failed says it is started, and never listens: each attempt
      // needs a new one.
      RedisMessageListenerContainer attempt = container();
      try {
        attempt.start();
        container = attempt;
        if (subscriber == null) {
          attempt.stop();
        }
        log.info("listening to {}", CHANNEL);
        return;
      } catch (RuntimeException e) {
        attempt.stop();
        if (!told) {
          log.warn("cannot listen to {} yet, trying on: {}", CHANNEL, e.toString());
          told = true;
        }
      }
      try {
        Thread.sleep(RETRY);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private RedisMessageListenerContainer container() {
    RedisMessageListenerContainer container = new RedisMessageListenerContainer();
    container.setConnectionFactory(connections);
    // The default starts a platform thread per message, and an import of links sends thousands.
    SimpleAsyncTaskExecutor listeners = new SimpleAsyncTaskExecutor("link-changed-");
    listeners.setVirtualThreads(true);
    container.setTaskExecutor(listeners);
    container.afterPropertiesSet();
    container.addMessageListener(this, ChannelTopic.of(CHANNEL));
    return container;
  }

  @Override
  public void stop() {
    Thread thread = subscriber;
    if (thread != null) {
      thread.interrupt();
      subscriber = null;
    }
    RedisMessageListenerContainer listening = container;
    if (listening != null) {
      listening.stop();
      container = null;
    }
  }

  /** After the connections, before the server: what is answered while draining is news too. */
  @Override
  public int getPhase() {
    return 1;
  }

  @Override
  public boolean isRunning() {
    return subscriber != null;
  }
}
