package dev.argus.probe;

import io.netty.channel.ChannelException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.NetClient;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * One question to a port of this host. It never follows a redirect, sends no credentials, reads at most 64 KiB of the answer and
 * always ends within its timeout.
 */
final class HttpProbe {
    private static final int LONGEST_BODY = 64 * 1024;
    /** Of one port: a hung service keeps those of all probes that confirm it. */
    private static final int CONNECTIONS = 16;

    /** How the C library words EMFILE, ENFILE, ENOBUFS, ENOMEM and EADDRNOTAVAIL. */
    private static final List<String> WANTS = List.of(
            "Too many open files",
            "No buffer space available",
            "Cannot allocate memory",
            "Cannot assign requested address");

    private static final int LONGEST_CHAIN = 8;

    private static final String HOST = "127.0.0.1";

    private final Vertx vertx;
    private final HttpClient http;
    private final NetClient tcp;

    HttpProbe(Vertx vertx) {
        this.vertx = vertx;
        this.http = vertx.createHttpClient(
                new HttpClientOptions().setKeepAliveTimeout(10).setDecompressionSupported(false),
                new PoolOptions().setHttp1MaxSize(CONNECTIONS));
        this.tcp = vertx.createNetClient();
    }

    /** Asks for {@code path}; the future never fails. */
    Future<ProbeResult> get(int port, String path, Duration timeout) {
        var options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost(HOST)
                .setPort(port)
                .setURI(path)
                .setConnectTimeout(timeout.toMillis())
                .setFollowRedirects(false)
                .putHeader("User-Agent", "argus-probe")
                .putHeader("Accept", "*/*");
        Promise<ProbeResult> promise = Promise.promise();
        Exchange exchange = new Exchange();
        long deadline = vertx.setTimer(timeout.toMillis(), fired -> {
            promise.tryComplete(late("did not answer within " + words(timeout) + " on port " + port + path));
            exchange.reset();
        });
        http.request(options)
                .compose(request -> {
                    exchange.request = request;
                    return promise.future().isComplete() ? Future.failedFuture(new TimeoutException()) : request.send();
                })
                .onSuccess(response -> {
                    promise.tryComplete(judge(response, port, path));
                    discard(response, exchange);
                })
                .onFailure(failure -> promise.tryComplete(unanswered(failure, port)));
        return promise.future().onComplete(done -> vertx.cancelTimer(deadline));
    }

    /** Whether something listens on {@code port}; the future never fails. */
    Future<ProbeResult> connect(int port, Duration timeout) {
        Promise<ProbeResult> promise = Promise.promise();
        long deadline = vertx.setTimer(
                timeout.toMillis(),
                fired -> promise.tryComplete(late("could not connect within " + words(timeout) + " to port " + port)));
        tcp.connect(port, HOST)
                .onSuccess(socket -> {
                    socket.close();
                    promise.tryComplete(new ProbeResult.Alive());
                })
                .onFailure(failure -> promise.tryComplete(unanswered(failure, port)));
        return promise.future().onComplete(done -> vertx.cancelTimer(deadline));
    }

    Future<?> close() {
        return Future.join(http.close(), tcp.close());
    }

    private static ProbeResult judge(HttpClientResponse response, int port, String path) {
        int status = response.statusCode();
        if (status >= 200 && status < 300) {
            return new ProbeResult.Alive();
        }
        return new ProbeResult.Failed("answered " + status + " on port " + port + path, false, status);
    }

    /** Lets the connection be used again when the rest of the answer is small, and ends it otherwise. */
    private static void discard(HttpClientResponse response, Exchange exchange) {
        response.exceptionHandler(ignored -> exchange.reset());
        response.handler(buffer -> {
            exchange.received += buffer.length();
            if (exchange.received > LONGEST_BODY) {
                exchange.reset();
            }
        });
    }

    private static ProbeResult unanswered(Throwable failure, int port) {
        if (isOwnWant(failure)) {
            return new ProbeResult.NotMade("could not be made (" + failure.getMessage() + ")");
        }
        boolean refused = failure instanceof ConnectException;
        return new ProbeResult.Failed(
                refused
                        ? "found nothing listening on port " + port
                        : "got no proper answer on port " + port + " ("
                                + failure.getClass().getSimpleName() + ")",
                refused,
                0);
    }

    /** Whether it is Argus or the host that has no handle, memory or port left for the question. */
    private static boolean isOwnWant(Throwable failure) {
        Throwable one = failure;
        for (int i = 0; one != null && i < LONGEST_CHAIN; i++) {
            String message = String.valueOf(one.getMessage());
            if (one instanceof ChannelException || WANTS.stream().anyMatch(message::contains)) {
                return true;
            }
            one = one.getCause();
        }
        return false;
    }

    private static ProbeResult late(String reason) {
        return new ProbeResult.Failed(reason, false, 0, true);
    }

    private static String words(Duration timeout) {
        return timeout.toMillis() % 1_000 == 0 ? timeout.toSeconds() + " s" : timeout.toMillis() + " ms";
    }

    private static final class Exchange {
        @org.jspecify.annotations.Nullable
        HttpClientRequest request;

        long received;

        void reset() {
            if (request != null) {
                request.reset();
            }
        }
    }
}
