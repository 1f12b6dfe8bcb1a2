package dev.argus.history;

import dev.argus.bus.Bus;
import dev.argus.bus.Done;
import dev.argus.store.Statement;
import dev.argus.store.StoreCommand;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bounded queue to the store: writes in its own time, many at once, and nobody waits for it. When the store refuses for long, what is new is
 * dropped and counted. On one event loop.
 */
final class Ledger {
    private static final Logger log = LoggerFactory.getLogger(Ledger.class);
    private static final int MOST_PENDING = 4_000;
    private static final long MOST_PENDING_CHARACTERS = 24L << 20;
    private static final int AT_ONCE = 100;
    private static final long WRITE_AFTER_MILLIS = 100;
    private static final long AGAIN_AFTER_MILLIS = 2_000;

    private final Vertx vertx;
    private final Bus bus;
    private final Deque<Statement> pending = new ArrayDeque<>();
    private @Nullable Future<Done> writing;
    private boolean armed;
    private long characters;
    private long dropped;

    Ledger(Vertx vertx, Bus bus) {
        this.vertx = vertx;
        this.bus = bus;
    }

    /** Writes these soon, in order, all or none; drops them when too much waits already. */
    void add(List<Statement> statements) {
        long size = statements.stream().mapToLong(Ledger::characters).sum();
        if (pending.size() + statements.size() > MOST_PENDING || characters + size > MOST_PENDING_CHARACTERS) {
            dropped++;
            return;
        }
        pending.addAll(statements);
        characters += size;
        arm(WRITE_AFTER_MILLIS);
    }

    private static long characters(Statement statement) {
        return statement.parameters().stream()
                .mapToLong(parameter -> parameter instanceof String text ? text.length() : 8)
                .sum();
    }

    private void arm(long millis) {
        if (!armed) {
            armed = true;
            vertx.setTimer(millis, due -> {
                armed = false;
                flush().onFailure(failure -> {
                    log.warn("the history could not be written and is tried again: {}", failure.getMessage());
                    arm(AGAIN_AFTER_MILLIS);
                });
            });
        }
    }

    /** Writes all that waits now; fails when the store refuses, and then it waits on. */
    Future<Done> flush() {
        Future<Done> now = writing;
        if (now != null) {
            return now.compose(done -> flush());
        }
        if (pending.isEmpty()) {
            return Future.succeededFuture(Done.DONE);
        }
        List<Statement> batch = new ArrayList<>();
        while (batch.size() < AT_ONCE && !pending.isEmpty()) {
            batch.add(pending.remove());
        }
        Future<Done> write = bus.request(new StoreCommand.Write(batch)).map(Done.DONE);
        writing = write;
        return write.onComplete(written -> {
                    writing = null;
                    if (written.succeeded()) {
                        batch.forEach(statement -> characters -= characters(statement));
                        tellOfDropped();
                    } else {
                        batch.reversed().forEach(pending::addFirst);
                    }
                })
                .compose(done -> flush());
    }

    private void tellOfDropped() {
        if (dropped > 0) {
            log.warn("{} entries of histories were lost, because the store did not take them in time", dropped);
            dropped = 0;
        }
    }
}
