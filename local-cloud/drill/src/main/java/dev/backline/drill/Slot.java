package dev.backline.drill;

/**
 * A place for one instance, known to the balancer whether it is taken or not.
 *
 * @param port where the balancer finds the instance
 * @param managementPort for services that have one
 */
record Slot(String name, int port, int managementPort) {

  String url() {
    return "http://127.0.0.1:" + port;
  }
}
