/**
 * What Argus and systemd tell each other ({@code sd_notify}): that the server is ready, that it is still alive, that it stops. Without
 * systemd, which is told by {@code NOTIFY_SOCKET}, nothing of this happens.
 *
 * <pre>
 *   SystemdVerticle ── every third of WATCHDOG_USEC: Liveness ── both event loops run, the store reads, instances are listed
 *         │                                             └ all in time → WATCHDOG=1, STATUS=…; else nothing, and systemd starts Argus again
 *         └ NotifySocket (AF_UNIX datagram by the C library)
 * </pre>
 *
 * <p>{@link dev.argus.systemd.SystemdVerticle} owns the timer. It is deployed last and stopped first.
 */
@NullMarked
package dev.argus.systemd;

import org.jspecify.annotations.NullMarked;
