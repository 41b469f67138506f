package dev.backline.gracefulshutdown;

/**
 * Work that fetches by itself, such as a queue listener or a scheduler. It is told to stop in the
 * moment the lame duck begins, beside it and not after it: what it would still fetch only makes the
 * drain longer.
 */
public interface Intake extends DrainableWork {}
