package dev.backline.gracefulshutdown.autoconfigure;

import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.DeferredResultProcessingInterceptor;
import org.springframework.web.servlet.config.annotation.AsyncSupportConfigurer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Server-sent events never end by themselves, and their clients reconnect by themselves: they are
 * the only responses that may be ended. Spring keeps a deferred result behind each of them;
 * completing it completes the response.
 */
final class EventStreams implements WebMvcConfigurer, DeferredResultProcessingInterceptor {

  private final Map<DeferredResult<?>, NativeWebRequest> open = new ConcurrentHashMap<>();
  private final Shutdown shutdown;
  private volatile boolean ended;

  EventStreams(Shutdown shutdown) {
    this.shutdown = shutdown;
  }

  @Override
  public void configureAsyncSupport(AsyncSupportConfigurer configurer) {
    configurer.registerDeferredResultInterceptors(this);
  }

  @Override
  public <T> void preProcess(NativeWebRequest request, DeferredResult<T> result) {
    open.put(result, request);
    if (ended && shutdown.begun()) {
      endIfEventStream(result, request);
    }
  }

  @Override
  public <T> void afterCompletion(NativeWebRequest request, DeferredResult<T> result) {
    open.remove(result);
  }

  void end() {
    ended = true;
    open.forEach(EventStreams::endIfEventStream);
  }

  private static void endIfEventStream(DeferredResult<?> result, NativeWebRequest request) {
    // The content type is not on the response before the first event is.
    HttpServletResponse response = request.getNativeResponse(HttpServletResponse.class);
    if (MediaType.TEXT_EVENT_STREAM_VALUE.equals(request.getHeader(HttpHeaders.ACCEPT))
        || (response != null && isEventStream(response.getContentType()))) {
      result.setResult(null);
    }
  }

  private static boolean isEventStream(@Nullable String mediaType) {
    return mediaType != null && mediaType.startsWith(MediaType.TEXT_EVENT_STREAM_VALUE);
  }
}
