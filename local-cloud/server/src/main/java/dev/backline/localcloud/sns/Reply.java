package dev.backline.localcloud.sns;

/** What is answered to a request: an HTTP status and an XML document. */
public record Reply(int status, String body) {}
