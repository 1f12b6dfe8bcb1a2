/**
 * The embedded proxy: HTTP/1.1 in front of all services on one port, in the process of Argus.
 *
 * <p>{@link dev.argus.traffic.proxy.EmbeddedSwitch} owns its state and lives on one event loop. A request is an {@code Exchange}: it looks for
 * its route, waits for an instance where none is ready, is sent, and is sent once more where it cannot have been seen.
 */
@NullMarked
package dev.argus.traffic.proxy;

import org.jspecify.annotations.NullMarked;
