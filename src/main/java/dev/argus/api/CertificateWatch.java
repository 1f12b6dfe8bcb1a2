package dev.argus.api;

import dev.argus.config.ServerConfig.TlsConfig;
import dev.argus.tls.ServerCertificate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.ServerSSLOptions;
import java.time.Clock;
import java.util.Objects;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up a new certificate when its files have changed, without a restart and without ending a connection. While they do not fit, as between the writing of
 * one and of the other, the one before stays in use. To be used on one event loop.
 */
final class CertificateWatch {
    private static final Logger log = LoggerFactory.getLogger(CertificateWatch.class);
    private static final long LOOK_EVERY_MILLIS = 2_000;

    private final Vertx vertx;
    private final Clock clock;
    private final TlsConfig files;
    private final HttpServer server;
    private final Consumer<ServerCertificate> taken;
    private ServerCertificate used;
    private String complaint = "";
    private boolean looking;

    /**
     * One that has not begun.
     *
     * @param taken is told of each new certificate that is in use
     */
    CertificateWatch(
            Vertx vertx,
            Clock clock,
            TlsConfig files,
            HttpServer server,
            ServerCertificate used,
            Consumer<ServerCertificate> taken) {
        this.vertx = vertx;
        this.files = files;
        this.server = server;
        this.used = used;
        this.clock = clock;
        this.taken = taken;
    }

    void begin() {
        warn();
        vertx.setPeriodic(LOOK_EVERY_MILLIS, timer -> look());
    }

    private void look() {
        if (looking) {
            return;
        }
        looking = true;
        vertx.executeBlocking(() -> used.differsFrom(files) ? ServerCertificate.read(files, vertx) : used)
                .compose(now -> take(Objects.requireNonNull(now)))
                .onComplete(done -> {
                    looking = false;
                    String failure = done.failed() ? String.valueOf(done.cause().getMessage()) : "";
                    if (!failure.equals(complaint) && !failure.isEmpty()) {
                        log.warn("the certificate before stays in use: {}", failure);
                    }
                    complaint = failure;
                });
    }

    private Future<?> take(ServerCertificate now) {
        if (now.equals(used)) {
            return Future.succeededFuture();
        }
        return server.updateSSLOptions(options(now)).onSuccess(updated -> {
            used = now;
            taken.accept(now);
            log.info("a new certificate is in use, which ends {}", now.until());
            warn();
        });
    }

    private void warn() {
        if (used.until().isBefore(clock.instant().plus(ServerCertificate.WARNED_BEFORE))) {
            log.warn("the certificate {} ends {}; renew it", files.certificate(), used.until());
        }
    }

    static ServerSSLOptions options(ServerCertificate certificate) {
        var options = new ServerSSLOptions();
        options.setKeyCertOptions(certificate.options());
        return options;
    }
}
