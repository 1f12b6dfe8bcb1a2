package dev.argus.traffic.proxy;

import dev.argus.traffic.RoutingTable.Route;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer.
 *
 * <pre>
 *   begin → LOOKING ──ready──→ CONNECTING ──→ SENT ──→ ANSWERING → OVER
 *              ↑  └─none─→ held ─┘ │            │
 *              └── not reached ────┘            │
 *              └── no byte of an answer, and it may be sent twice
 * </pre>
 */
final class Exchange {
    /** Which may be sent again although an instance may have seen them (RFC 9110, 9.2.2). */
    private static final Set<HttpMethod> IDEMPOTENT =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.PUT, HttpMethod.DELETE);

    private static final int FIRST_PAUSE_MILLIS = 5;
    private static final int LONGEST_PAUSE_MILLIS = 200;

    private final EmbeddedSwitch proxy;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final String host;
    private final long startedNanos = System.nanoTime();
    private final boolean hasBody;

    private @Nullable Backend backend;
    private @Nullable HttpClientRequest upstream;
    private @Nullable Tunnel tunnel;
    private @Nullable String heldFor;
    private long timer = -1;
    private int pause = FIRST_PAUSE_MILLIS;
    private boolean bodyBegun;
    private boolean over;

    Exchange(EmbeddedSwitch proxy, HttpServerRequest request, String host) {
        this.proxy = proxy;
        this.request = request;
        this.response = request.response();
        this.host = host;
        String length = request.getHeader("Content-Length");
        this.hasBody = request.headers().contains("Transfer-Encoding") || (length != null && !length.equals("0"));
    }

    void begin() {
        request.pause();
        response.closeHandler(gone -> clientGone());
        response.exceptionHandler(gone -> clientGone());
        request.exceptionHandler(gone -> clientGone());
        look();
    }

    /** Looks for an instance, now or when there is one. */
    void look() {
        heldFor = null;
        Optional<Route> route = proxy.routes().find(host, request.uri());
        if (route.isEmpty()) {
            answer(Page.UNKNOWN_HOST);
        } else if (route.get().stopped()) {
            answer(Page.STOPPED);
        } else {
            Optional<Backend> ready = proxy.choose(route.get());
            if (ready.isPresent()) {
                connect(ready.get());
            } else {
                hold(route.get().service());
            }
        }
    }

    private long leftMillis() {
        return proxy.limits().hold().toMillis() - (System.nanoTime() - startedNanos) / 1_000_000;
    }

    private void hold(String service) {
        if (leftMillis() <= 0) {
            answer(Page.NOT_READY);
        } else if (proxy.held().add(service, this)) {
            heldFor = service;
            arm(leftMillis(), this::heldTooLong);
        } else {
            answer(Page.TOO_MANY);
        }
    }

    private void heldTooLong() {
        if (heldFor != null) {
            proxy.held().remove(heldFor, this);
            heldFor = null;
            answer(Page.NOT_READY);
        }
    }

    private void connect(Backend chosen) {
        disarm();
        backend = chosen;
        chosen.exchanges.add(this);
        var options = new RequestOptions()
                .setMethod(request.method())
                .setHost(EmbeddedSwitch.LOOPBACK)
                .setPort(chosen.port)
                .setURI(request.uri())
                .setConnectTimeout(Math.max(1, leftMillis()));
        proxy.client()
                .request(options)
                .onSuccess(connected -> {
                    if (over) {
                        connected.reset();
                    } else {
                        send(connected);
                    }
                })
                .onFailure(this::notReached);
    }

    /** Nothing was sent, so it is tried again. */
    private void notReached(Throwable failure) {
        if (over) {
            return;
        }
        letGo(false);
        upstream = null;
        if (leftMillis() <= 0) {
            answer(Page.NOT_READY);
            return;
        }
        arm(pause, this::look);
        pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
    }

    private void send(HttpClientRequest connected) {
        upstream = connected;
        ForwardedHeaders.toService(request.headers(), connected.headers(), remote(), hostHeader());
        connected.response().onSuccess(this::answered).onFailure(this::unanswered);
        connected.exceptionHandler(ignored -> {
            // the answer's failure tells it
        });
        if (ForwardedHeaders.wantsUpgrade(request.headers())) {
            connected.putHeader("Connection", "Upgrade").putHeader("Upgrade", request.getHeader("Upgrade"));
            arm(proxy.limits().answer().toMillis(), this::tooLate);
            connected.connect();
        } else if (hasBody) {
            sendBody(connected);
        } else {
            arm(proxy.limits().answer().toMillis(), this::tooLate);
            connected.end();
        }
    }

    private void sendBody(HttpClientRequest connected) {
        if (!connected.headers().contains("Content-Length")) {
            connected.setChunked(true);
        }
        String expect = request.getHeader("Expect");
        if (expect != null && expect.equalsIgnoreCase("100-continue")) {
            response.writeContinue();
        }
        arm(proxy.limits().idle().toMillis(), this::bodyStalled);
        request.handler(part -> {
            bodyBegun = true;
            arm(proxy.limits().idle().toMillis(), this::bodyStalled);
            connected.write(part);
            if (connected.writeQueueFull()) {
                request.pause();
                connected.drainHandler(drained -> request.resume());
            }
        });
        request.endHandler(ended -> {
            bodyBegun = true;
            arm(proxy.limits().answer().toMillis(), this::tooLate);
            connected.end();
        });
        request.resume();
    }

    private String remote() {
        return request.remoteAddress() == null
                ? "unknown"
                : request.remoteAddress().hostAddress();
    }

    private String hostHeader() {
        String header = request.getHeader("Host");
        return header == null ? host : header.replace("\"", "");
    }

    /** No byte of an answer came. */
    private void unanswered(Throwable failure) {
        if (over || response.headWritten()) {
            return;
        }
        boolean maySendAgain = !bodyBegun && IDEMPOTENT.contains(request.method());
        if (maySendAgain) {
            request.handler(null).endHandler(null);
            request.pause();
            notReached(failure);
        } else {
            letGo(true);
            answer(Page.BROKE_OFF);
        }
    }

    private void answered(HttpClientResponse answer) {
        if (over) {
            return;
        }
        disarm();
        if (answer.statusCode() == 101) {
            switchProtocols(answer);
            return;
        }
        response.setStatusCode(answer.statusCode());
        ForwardedHeaders.toClient(answer.headers(), response.headers());
        answer.exceptionHandler(this::brokeOff);
        boolean withoutBody =
                request.method().equals(HttpMethod.HEAD) || answer.statusCode() == 204 || answer.statusCode() == 304;
        if (withoutBody) {
            answer.endHandler(ended -> finish(answer.statusCode()));
            return;
        }
        if (!response.headers().contains("Content-Length")) {
            // an answer that ends with its connection ends ours too, for HTTP/1.0 knows no chunks
            response.setChunked(request.version() != HttpVersion.HTTP_1_0);
        }
        answer.handler(part -> {
            response.write(part);
            if (response.writeQueueFull()) {
                answer.pause();
                response.drainHandler(drained -> answer.resume());
            }
        });
        answer.endHandler(ended -> finish(answer.statusCode()));
    }

    /** The answer ended before its end. As long as the client has seen nothing of it, that is as good as no answer. */
    private void brokeOff(Throwable failure) {
        if (response.headWritten()) {
            cut();
        } else {
            response.headers().clear();
            unanswered(failure);
        }
    }

    private void finish(int status) {
        if (!over) {
            letGo(status >= 500);
            end();
            response.end();
        }
    }

    private void switchProtocols(HttpClientResponse answer) {
        Backend chosen = backend;
        response.setStatusCode(101);
        ForwardedHeaders.toClient(answer.headers(), response.headers());
        response.putHeader("Connection", "Upgrade").putHeader("Upgrade", String.valueOf(answer.getHeader("Upgrade")));
        var service = answer.netSocket();
        service.pause();
        request.toNetSocket()
                .onSuccess(client -> {
                    boolean webSocket = "websocket".equalsIgnoreCase(answer.getHeader("Upgrade"));
                    tunnel = new Tunnel(client, service, webSocket, this::tunnelEnded);
                    tunnel.open();
                    if (over && chosen != null) {
                        tunnel.close();
                    }
                })
                .onFailure(failure -> {
                    service.close();
                    tunnelEnded();
                });
    }

    private void tunnelEnded() {
        if (!over) {
            letGo(false);
            end();
        }
    }

    /** Ends what has no end of its own, politely where that is possible. */
    void closeTunnel() {
        if (tunnel != null) {
            tunnel.close();
        }
    }

    /** Ends it now, whatever is under way. */
    void cut() {
        if (over) {
            return;
        }
        HttpClientRequest sent = upstream;
        letGo(true);
        if (tunnel != null) {
            end();
            tunnel.cut();
        } else if (response.headWritten()) {
            end();
            // the only way to say that an answer is not whole
            request.connection().close();
        } else {
            answer(Page.TOO_LATE);
        }
        if (sent != null) {
            sent.reset();
        }
    }

    private void tooLate() {
        cut();
    }

    private void bodyStalled() {
        HttpClientRequest sent = upstream;
        letGo(false);
        end();
        if (sent != null) {
            sent.reset();
        }
        request.connection().close();
    }

    private void clientGone() {
        if (over) {
            return;
        }
        if (heldFor != null) {
            proxy.held().remove(heldFor, this);
        }
        HttpClientRequest sent = upstream;
        letGo(false);
        end();
        if (sent != null) {
            sent.reset();
        }
    }

    private void answer(Page page) {
        end();
        page.answer(response, request.getHeader("Accept"));
        if (!request.isEnded()) {
            // the rest of a body that nobody wants
            request.handler(null).endHandler(null).resume();
        }
    }

    private void letGo(boolean failed) {
        Backend held = backend;
        backend = null;
        if (held != null && held.exchanges.remove(this)) {
            held.requests++;
            held.failed += failed ? 1 : 0;
            held.nanos += System.nanoTime() - startedNanos;
            proxy.idle(held);
        }
    }

    private void end() {
        over = true;
        disarm();
    }

    private void arm(long millis, Runnable late) {
        disarm();
        timer = proxy.vertx().setTimer(Math.max(1, millis), fired -> {
            timer = -1;
            late.run();
        });
    }

    private void disarm() {
        if (timer >= 0) {
            proxy.vertx().cancelTimer(timer);
            timer = -1;
        }
    }
}
