package dev.backline.xraytracing;

import com.amazonaws.xray.entities.Segment;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes each request a segment. In contrast to the SDK's filter it records no client address, no
 * user agent and no query string, since these are personal data.
 */
final class TracingFilter implements Filter {

  private static final String HEADER = "X-Amzn-Trace-Id";
  private static final String SEGMENT = TracingFilter.class.getName() + ".segment";

  private final Segments segments;
  private final List<String> ignoredPaths;

  TracingFilter(Segments segments, List<String> ignoredPaths) {
    this.segments = segments;
    this.ignoredPaths = ignoredPaths;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (request instanceof HttpServletRequest http
        && response instanceof HttpServletResponse httpResponse
        && !isIgnored(http)) {
      if (http.getDispatcherType() == DispatcherType.ASYNC) {
        resume(http, response, chain);
      } else {
        trace(http, httpResponse, chain);
      }
    } else {
      chain.doFilter(request, response);
    }
  }

  private boolean isIgnored(HttpServletRequest request) {
    String path = request.getRequestURI().substring(request.getContextPath().length());
    return ignoredPaths.stream()
        .anyMatch(prefix -> path.equals(prefix) || path.startsWith(prefix + "/"));
  }

  private void trace(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Segment segment = segments.begin(IncomingTrace.parse(request.getHeader(HEADER)));
    response.setHeader(HEADER, "Root=" + segment.getTraceId());
    boolean goesOn = false;
    try {
      chain.doFilter(request, response);
      if (request.isAsyncStarted()) {
        request.setAttribute(SEGMENT, segment);
        request.getAsyncContext().addListener(new EndOfAsync(segment, request, response));
        goesOn = true;
      }
    } catch (Throwable failure) {
      segment.addException(failure);
      throw failure;
    } finally {
      if (goesOn) {
        segments.set(null);
      } else {
        end(segment, request, response);
      }
    }
  }

  private void resume(HttpServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (request.getAttribute(SEGMENT) instanceof Segment segment) {
      segments.set(segment);
    }
    try {
      chain.doFilter(request, response);
    } finally {
      segments.set(null);
    }
  }

  private void end(Segment segment, HttpServletRequest request, HttpServletResponse response) {
    if (segment.isSampled()) {
      describe(segment, request, response);
    }
    segments.end(segment);
  }

  private static void describe(
      Segment segment, HttpServletRequest request, HttpServletResponse response) {
    Map<String, Object> asked = new LinkedHashMap<>();
    asked.put("method", request.getMethod());
    asked.put("url", request.getRequestURL().toString());
    segment.putHttp("request", asked);
    int status = segment.isFault() && !response.isCommitted() ? 500 : response.getStatus();
    segment.putHttp("response", Map.of("status", status));
    if (status == 429) {
      segment.setThrottle(true);
    }
    if (status >= 500) {
      segment.setFault(true);
    } else if (status >= 400) {
      segment.setError(true);
    }
  }

  private final class EndOfAsync implements AsyncListener {

    private final Segment segment;
    private final HttpServletRequest request;
    private final HttpServletResponse response;

    EndOfAsync(Segment segment, HttpServletRequest request, HttpServletResponse response) {
      this.segment = segment;
      this.request = request;
      this.response = response;
    }

    @Override
    public void onComplete(AsyncEvent event) {
      end(segment, request, response);
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      segment.setFault(true);
    }

    @Override
    public void onError(AsyncEvent event) {
      segment.addException(event.getThrowable());
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      // A restarted async context has dropped its listeners.
      event.getAsyncContext().addListener(this);
    }
  }
}
