package dev.backline.gracefulshutdown.autoconfigure;

import dev.backline.gracefulshutdown.RequestActivity;

/** What the shutdown has to know of the web server, kept free of servlet types. */
interface Serving {

  /** Whether a server is running, so that a balancer may still send requests. */
  boolean running();

  RequestActivity requests();

  /** Ends the responses that never end by themselves; their clients come back elsewhere. */
  void endStreams();
}
