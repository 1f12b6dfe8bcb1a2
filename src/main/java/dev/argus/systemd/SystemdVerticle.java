package dev.argus.systemd;

import dev.argus.bus.Bus;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd that the server is ready when it starts, that it stops when it stops, and meanwhile that it is alive, if
 * {@link Liveness} finds it so. A server that is stuck says nothing, and is ended and started again; its services do not notice.
 */
public final class SystemdVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(SystemdVerticle.class);
    /** The line is brought up to date so often where no signs of life are wanted. */
    private static final Duration WITHOUT_WATCHDOG = Duration.ofSeconds(10);

    private final Bus bus;
    private final Systemd systemd;
    private @Nullable NotifySocket socket;
    private boolean checking;

    /** To be deployed when everything else has started. */
    public SystemdVerticle(Bus bus, Systemd systemd) {
        this.bus = bus;
        this.systemd = systemd;
    }

    /** Without a socket, as when the variable was left over from somebody else, Argus runs all the same. */
    @Override
    public Future<?> start() {
        try {
            socket = new NotifySocket(systemd.socket());
        } catch (IOException e) {
            log.warn("systemd cannot be told that Argus is ready: {}", e.getMessage());
            return Future.succeededFuture();
        }
        var liveness = new Liveness(bus, vertx);
        send("READY=1\nSTATUS=ready");
        vertx.setPeriodic(systemd.interval().orElse(WITHOUT_WATCHDOG).toMillis(), timer -> tell(liveness));
        return Future.succeededFuture();
    }

    /** One check at a time: if one never ends, no other sign of life is given. */
    private void tell(Liveness liveness) {
        if (checking) {
            log.warn("Argus did not answer its own check in time; systemd starts it again unless it does soon");
            return;
        }
        checking = true;
        long begun = System.nanoTime();
        liveness.check()
                .onComplete(done -> checking = false)
                .onSuccess(line -> {
                    send("WATCHDOG=1\nSTATUS=" + line);
                    log.debug("alive, checked in {} ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
                })
                .onFailure(failure -> log.warn("Argus gives no sign of life to systemd: {}", failure.getMessage()));
    }

    private void send(String message) {
        if (socket == null) {
            return;
        }
        try {
            socket.send(message);
        } catch (IOException e) {
            log.warn("systemd did not get a message of Argus: {}", e.getMessage());
        }
    }

    @Override
    public Future<?> stop() {
        send("STOPPING=1\nSTATUS=stopping; services run on");
        if (socket != null) {
            socket.close();
            socket = null;
        }
        return Future.succeededFuture();
    }
}
