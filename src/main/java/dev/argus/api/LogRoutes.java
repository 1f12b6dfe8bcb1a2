package dev.argus.api;

import dev.argus.bus.ArgusException;
import dev.argus.bus.Bus;
import dev.argus.bus.ErrorCode;
import dev.argus.control.Layout;
import dev.argus.process.InstanceLog;
import dev.argus.service.CatalogCommand;
import dev.argus.service.Durations;
import dev.argus.service.InvalidValue;
import dev.argus.service.ServiceName;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What services have written, and what they write. */
final class LogRoutes {
    private static final int USUAL_TAIL = 100;
    private static final int MOST_FOLLOWERS = 256;

    private final Vertx vertx;
    private final Bus bus;
    private final Clock clock;
    private final Layout layout;
    private final OpenStreams streams;
    private final WorkerExecutor workers;
    private final Map<String, LogFeed> feeds = new HashMap<>();
    private int followers;

    LogRoutes(Vertx vertx, Bus bus, Clock clock, Layout layout, WorkerExecutor workers, OpenStreams streams) {
        this.vertx = vertx;
        this.bus = bus;
        this.clock = clock;
        this.layout = layout;
        this.workers = workers;
        this.streams = streams;
    }

    void bind(Operations operations) {
        operations.on("getLogs", this::logs);
    }

    /** Follows nothing any more. */
    void close() {
        feeds.values().forEach(LogFeed::close);
    }

    private Future<?> logs(RoutingContext context) {
        var name = ServiceName.of(Operations.path(context, "name"));
        Instant since = since(context.request().getParam("since"));
        int tail = Operations.number(context, "tail", since == null ? USUAL_TAIL : InstanceLog.MOST_LINES);
        boolean follow = "true".equals(context.request().getParam("follow"));
        boolean events = accepts(context, "text/event-stream");
        return bus.request(new CatalogCommand.Find(name))
                .compose(service -> follow
                        ? follow(context, name.value(), tail, since, events)
                        : excerpt(name.value(), tail, since).compose(excerpt -> answer(context, excerpt, events)));
    }

    private Future<ServiceLog.Excerpt> excerpt(String service, int tail, @Nullable Instant since) {
        var log = new ServiceLog(layout.logs(service));
        return workers.executeBlocking(() -> log.tail(tail, since), false).map(Objects::requireNonNull);
    }

    /** The moment that is meant by a time or an age. */
    private @Nullable Instant since(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            // a plus sign that nobody has encoded arrives as a space
            return text.contains("T")
                    ? OffsetDateTime.parse(text.replace(' ', '+')).toInstant()
                    : clock.instant().minus(Durations.parse("since", text));
        } catch (DateTimeParseException | InvalidValue e) {
            throw ArgusException.invalid(
                    "since",
                    "since is neither a time such as 2026-11-23T10:00:00Z nor an age such as 10m; write one of them.");
        }
    }

    private static boolean accepts(RoutingContext context, String type) {
        String accept = context.request().getHeader("Accept");
        return accept != null && accept.contains(type);
    }

    private Future<Void> answer(RoutingContext context, ServiceLog.Excerpt excerpt, boolean events) {
        if (events) {
            var stream = streams.events(context);
            var lines = new LogFeed.Lines(excerpt.lines(), "");
            stream.send(lines.count(), lines.events());
            stream.finish();
            return Future.succeededFuture();
        }
        if (accepts(context, "text/plain")) {
            return context.response()
                    .putHeader("Content-Type", "text/plain; charset=utf-8")
                    .end(LogFeed.plain(excerpt.lines()));
        }
        var array = new JsonArray();
        excerpt.lines().forEach(line -> array.add(LogFeed.json(line)));
        return Answers.json(context, 200, new JsonObject().put("lines", array).put("cut", excerpt.cut()));
    }

    private Future<Void> follow(
            RoutingContext context, String service, int tail, @Nullable Instant since, boolean events) {
        if (followers >= MOST_FOLLOWERS) {
            throw new ArgusException(
                    ErrorCode.BUSY,
                    "The logs of this server are followed by " + MOST_FOLLOWERS
                            + " readers already; try again when some have ended.");
        }
        LogFeed feed = feeds.computeIfAbsent(
                service,
                name -> new LogFeed(vertx, workers, new ServiceLog(layout.logs(name)), () -> feeds.remove(name)));
        followers++;
        String position = context.request().getHeader("Last-Event-ID");
        LogFeed.Reader reader;
        if (events) {
            var stream = streams.events(context);
            reader = new LogFeed.Reader(
                    tail, since, position, lines -> stream.send(lines.count(), lines.events()), stream::finish);
            stream.onClose(() -> left(feed, reader));
        } else {
            var stream = streams.text(context);
            reader = new LogFeed.Reader(
                    tail, since, null, lines -> stream.send(lines.count(), lines.text()), stream::finish);
            stream.onClose(() -> left(feed, reader));
        }
        feed.join(reader);
        return Future.succeededFuture();
    }

    private void left(LogFeed feed, LogFeed.Reader reader) {
        followers--;
        feed.leave(reader);
    }
}
