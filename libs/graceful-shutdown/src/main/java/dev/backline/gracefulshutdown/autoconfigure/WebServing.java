package dev.backline.gracefulshutdown.autoconfigure;

import dev.backline.gracefulshutdown.RequestActivity;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;

/** A servlet container within the service. */
final class WebServing implements Serving {

  private final ApplicationContext context;
  private final RequestActivity requests;
  private final EventStreams streams;

  WebServing(ApplicationContext context, RequestActivity requests, EventStreams streams) {
    this.context = context;
    this.requests = requests;
    this.streams = streams;
  }

  @Override
  public boolean running() {
    return context instanceof WebServerApplicationContext web && web.getWebServer() != null;
  }

  @Override
  public RequestActivity requests() {
    return requests;
  }

  @Override
  public void endStreams() {
    streams.end();
  }
}
