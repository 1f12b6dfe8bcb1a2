package dev.argus.api;

import dev.argus.auth.Actor;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line for every request, without query strings and headers, which may hold secrets. */
final class AccessLog implements Handler<RoutingContext> {
    private static final Logger log = LoggerFactory.getLogger("argus.access");

    @Override
    public void handle(RoutingContext context) {
        long begun = System.nanoTime();
        context.addEndHandler(ended -> {
            Actor actor = Gate.actorIfAny(context);
            log.info(
                    "{} {} {} {} {} ms {}",
                    ClientAddress.of(context),
                    context.request().method(),
                    printable(String.valueOf(context.request().path())),
                    context.response().getStatusCode(),
                    (System.nanoTime() - begun) / 1_000_000,
                    actor == null ? "-" : actor.name());
        });
        context.next();
    }

    /** Keeps a path to one line, whatever a client sends. */
    private static String printable(String path) {
        var text = new StringBuilder();
        path.codePoints().limit(200).forEach(c -> text.appendCodePoint(c > 0x20 && c < 0x7f ? c : '?'));
        return text.toString();
    }
}
