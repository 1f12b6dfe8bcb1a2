/**
 * argus-client, the command line: it knows nothing of Argus but its REST interface.
 *
 * <p>It owns no state but what {@code login} stores. A call goes {@link dev.argus.client.ArgusClient} (which command) →
 * a {@code …Command} → {@link dev.argus.client.Session} (which server) → {@link dev.argus.client.Api} (which answer) →
 * {@link dev.argus.client.Http}.
 *
 * <p>It has to be quick to start ({@code ls} in 100 ms with the JVM), so it depends on the JDK and picocli alone, and picocli
 * is loaded only where a command has options of its own. HTTP is spoken on a plain socket: {@code java.net.http} takes
 * 400 ms to load, and {@code HttpURLConnection} cannot PATCH, sends a request again when the connection breaks, and knows no
 * deadline for the whole answer. JSON is read by {@link dev.argus.client.JsonReader}. What costs is told by
 * {@code -Xlog:class+init}.
 */
@NullMarked
package dev.argus.client;

import org.jspecify.annotations.NullMarked;
