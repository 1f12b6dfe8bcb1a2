package dev.argus.api;

import dev.argus.auth.Actor;
import dev.argus.auth.AuthCommand;
import dev.argus.bus.Bus;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open streams, and with whose token. A request is admitted once and a stream goes on for days, so twice a second it is asked which of their tokens
 * are good no more, and those streams end. To be used on one event loop.
 */
final class OpenStreams {
    private static final Logger log = LoggerFactory.getLogger(OpenStreams.class);
    private static final long LOOK_EVERY_MILLIS = 500;

    private final Vertx vertx;
    private final Bus bus;
    private final Set<Open> open = new LinkedHashSet<>();
    private boolean asking;

    private record Open(@Nullable String token, Runnable finish) {}

    OpenStreams(Vertx vertx, Bus bus) {
        this.vertx = vertx;
        this.bus = bus;
        vertx.setPeriodic(LOOK_EVERY_MILLIS, timer -> look());
    }

    /** A stream of events that ends with the token of the request. */
    EventStream events(RoutingContext context) {
        var stream = new EventStream(vertx, context);
        stream.onClose(register(context, stream::finish));
        return stream;
    }

    /** A stream of bare text that ends with the token of the request. */
    TextStream text(RoutingContext context) {
        var stream = new TextStream(vertx, context, OpenStream.SIGN_OF_LIFE_MILLIS);
        stream.onClose(register(context, stream::finish));
        return stream;
    }

    private Runnable register(RoutingContext context, Runnable finish) {
        Actor actor = Gate.actor(context);
        var opened = new Open(actor.tokenId(), finish);
        open.add(opened);
        return () -> open.remove(opened);
    }

    private void look() {
        if (asking || open.isEmpty()) {
            return;
        }
        Set<String> tokens = new HashSet<>();
        open.forEach(each -> {
            if (each.token() != null) {
                tokens.add(each.token());
            }
        });
        asking = true;
        bus.request(new AuthCommand.Ended(tokens)).onComplete(asked -> {
            asking = false;
            if (asked.failed()) {
                log.warn(
                        "which tokens have ended could not be asked: {}",
                        asked.cause().getMessage());
                return;
            }
            Set<String> ended = asked.result();
            List.copyOf(open).stream()
                    .filter(each -> each.token() != null && ended.contains(each.token()))
                    .forEach(each -> each.finish().run());
        });
    }
}
