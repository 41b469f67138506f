package dev.backline.desk.demo;

import java.util.List;
import java.util.Map;

/**
 * Base URLs of a running suite, as a person on this machine writes them.
 *
 * @param web the web distribution, where people come in
 * @param shortLinks the short-link distribution
 * @param requests the page of the edge's last requests
 * @param traces where the traces are kept
 * @param readiness what has to answer 200 before a story can be played
 * @param connectTo host and port where another host and port are reached, for those that are not
 *     reached under their own names; requests keep the name
 */
public record Addresses(
    String web,
    String shortLinks,
    String api,
    String redirector,
    String cloud,
    String requests,
    TraceStore traces,
    List<String> readiness,
    Map<String, String> connectTo) {}
