package dev.backline.drill;

import java.net.URI;
import java.net.http.HttpRequest;

/** GETs of one path, for a service that the drill knows nothing about. */
record PathTraffic(String url, String path) implements Traffic {

  @Override
  public void send(Client client) throws InterruptedException {
    client.send(
        HttpRequest.newBuilder(URI.create(url + path)), response -> response.statusCode() < 400);
  }
}
