package dev.argus.process;

import java.util.concurrent.CompletableFuture;

/**
 * An instance that was started.
 *
 * @param run its records
 * @param shim the leader of its session, known at once
 * @param service the service's own process, within about 2 ms, as soon as the shim has started it; fails with a {@link LaunchException} when the
 *     shim has not done so within 2 s
 */
public record Launched(RunDirectory run, ProcessIdentity shim, CompletableFuture<ProcessIdentity> service) {}
