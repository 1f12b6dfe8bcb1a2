package dev.argus.deploy;

/**
 * A line of the log of a deployment.
 *
 * @param source who wrote it: {@code build}, or the id of an instance
 */
public record LogLine(String source, String text) {}
