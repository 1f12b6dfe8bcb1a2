package dev.argus.api;

import dev.argus.bus.ArgusException;
import dev.argus.bus.Bus;
import dev.argus.control.Layout;
import dev.argus.service.CatalogCommand;
import dev.argus.service.ServiceName;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** What services have written, and what they write. */
final class LogRoutes {
    private static final int USUAL_TAIL = 100;
    private static final long LOOK_EVERY_MILLIS = 200;

    private final Vertx vertx;
    private final Bus bus;
    private final Layout layout;
    private final WorkerExecutor workers;

    LogRoutes(Vertx vertx, Bus bus, Layout layout, WorkerExecutor workers) {
        this.vertx = vertx;
        this.bus = bus;
        this.layout = layout;
        this.workers = workers;
    }

    void bind(Operations operations) {
        operations.on("getLogs", this::logs);
    }

    private Future<?> logs(RoutingContext context) {
        var name = ServiceName.of(Operations.path(context, "name"));
        if (context.request().getParam("since") != null) {
            throw ArgusException.invalid(
                    "since", "Argus does not keep the times of lines yet; ask for a number of lines with tail.");
        }
        int tail = Operations.number(context, "tail", USUAL_TAIL);
        boolean follow = "true".equals(context.request().getParam("follow"));
        String accept = String.valueOf(context.request().getHeader("Accept"));
        return bus.request(new CatalogCommand.Find(name)).compose(service -> {
            var reader = new ServiceLog(layout.logs(service.name().value()));
            return workers.executeBlocking(() -> reader.tail(tail), false)
                    .compose(lines -> answer(context, reader, lines, follow, accept));
        });
    }

    private Future<?> answer(
            RoutingContext context, ServiceLog reader, List<ServiceLog.Line> lines, boolean follow, String accept) {
        if (accept.contains("text/event-stream")) {
            stream(context, reader, lines, follow);
            return Future.succeededFuture();
        }
        if (accept.contains("text/plain") || follow) {
            return text(context, reader, lines, follow);
        }
        var array = new JsonArray();
        lines.forEach(line -> array.add(json(line)));
        return Answers.json(context, 200, new JsonObject().put("lines", array));
    }

    private static JsonObject json(ServiceLog.Line line) {
        return new JsonObject().put("instance", line.instance()).put("text", line.text());
    }

    private void stream(RoutingContext context, ServiceLog reader, List<ServiceLog.Line> lines, boolean follow) {
        var stream = new EventStream(vertx, context);
        lines.forEach(line -> stream.send("", "log", json(line)));
        if (!follow) {
            stream.finish();
            return;
        }
        var turn = new Turn(reader, fresh -> fresh.forEach(line -> stream.send("", "log", json(line))));
        stream.onClose(turn::end);
        turn.look();
    }

    private Future<?> text(RoutingContext context, ServiceLog reader, List<ServiceLog.Line> lines, boolean follow) {
        HttpServerResponse response = context.response().putHeader("Content-Type", "text/plain; charset=utf-8");
        if (!follow) {
            return response.end(plain(lines));
        }
        response.setChunked(true).write(plain(lines));
        var turn = new Turn(reader, fresh -> {
            if (!response.writeQueueFull()) {
                response.write(plain(fresh));
            }
        });
        response.closeHandler(gone -> turn.end());
        turn.look();
        return Future.succeededFuture();
    }

    private static String plain(List<ServiceLog.Line> lines) {
        var text = new StringBuilder();
        lines.forEach(line -> text.append(line.text()).append('\n'));
        return text.toString();
    }

    /** Looks for new lines again and again until the reader is gone; never two looks at once. */
    private final class Turn {
        private final ServiceLog reader;
        private final java.util.function.Consumer<List<ServiceLog.Line>> sink;
        private boolean ended;

        Turn(ServiceLog reader, java.util.function.Consumer<List<ServiceLog.Line>> sink) {
            this.reader = reader;
            this.sink = sink;
        }

        void look() {
            if (ended) {
                return;
            }
            workers.executeBlocking(reader::poll, false).onComplete(polled -> {
                if (ended) {
                    return;
                }
                if (polled.failed()) {
                    sink.accept(List.of(new ServiceLog.Line(
                            "argus",
                            "The log cannot be read on: " + polled.cause().getMessage())));
                } else if (polled.result() != null && !polled.result().isEmpty()) {
                    sink.accept(polled.result());
                }
                vertx.setTimer(LOOK_EVERY_MILLIS, timer -> look());
            });
        }

        void end() {
            ended = true;
        }
    }
}
