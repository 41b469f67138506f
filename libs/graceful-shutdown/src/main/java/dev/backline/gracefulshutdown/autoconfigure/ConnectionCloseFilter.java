package dev.backline.gracefulshutdown.autoconfigure;

import dev.backline.gracefulshutdown.RequestActivity;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;

/**
 * Counts requests, and once the shutdown has begun asks HTTP/1 clients to use another connection,
 * since a keep-alive connection ties the balancer to this instance.
 */
final class ConnectionCloseFilter implements Filter {

  private final Shutdown shutdown;
  private final RequestActivity activity;
  private final List<String> probePaths;

  ConnectionCloseFilter(Shutdown shutdown, RequestActivity activity, List<String> probePaths) {
    this.shutdown = shutdown;
    this.activity = activity;
    this.probePaths = probePaths;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!(request instanceof HttpServletRequest http)
        || !(response instanceof HttpServletResponse httpResponse)) {
      chain.doFilter(request, response);
      return;
    }
    if (shutdown.begun() && http.getProtocol().startsWith("HTTP/1")) {
      httpResponse.setHeader("Connection", "close");
    }
    if (isProbe(http)) {
      chain.doFilter(request, response);
      return;
    }
    activity.begin();
    boolean goesOn = false;
    try {
      chain.doFilter(request, response);
      if (request.isAsyncStarted()) {
        request.getAsyncContext().addListener(new EndOfAsync());
        goesOn = true;
      }
    } finally {
      activity.leave();
      if (!goesOn) {
        activity.end();
      }
    }
  }

  private boolean isProbe(HttpServletRequest request) {
    String path = request.getRequestURI().substring(request.getContextPath().length());
    return probePaths.stream()
        .anyMatch(prefix -> path.equals(prefix) || path.startsWith(prefix + "/"));
  }

  private final class EndOfAsync implements AsyncListener {

    @Override
    public void onComplete(AsyncEvent event) {
      activity.end();
    }

    @Override
    public void onTimeout(AsyncEvent event) {}

    @Override
    public void onError(AsyncEvent event) {}

    @Override
    public void onStartAsync(AsyncEvent event) {
      // A restarted async context has dropped its listeners.
      event.getAsyncContext().addListener(this);
    }
  }
}
