package dev.argus.process;

import java.util.concurrent.CompletableFuture;

/**
 * An instance that was started.
 *
 * @param run its records
 * @param shim the leader of its session, known at once
 * @param service the service's own process, known a few milliseconds later; fails with a {@link LaunchException} when the service ended before it
 *     could be seen
 */
public record Launched(RunDirectory run, ProcessIdentity shim, CompletableFuture<ProcessIdentity> service) {}
