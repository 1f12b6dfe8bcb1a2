package dev.argus.client;

import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Follows a stream of events until the user or the reader of the output ends it, taking it up again when it breaks. */
final class StreamFollower {
    /** How long the server may be away. */
    private static final int AWAY_SECONDS = 30;

    private static final int PAUSE_MILLIS = 500;
    private static final int WAIT_MILLIS = 15_000;

    /** Opens the stream. */
    interface Opening {
        /** @param last the id of the last event; null the first time, empty if there was none */
        EventStream open(@Nullable String last);
    }

    private final Session session;
    private final int awaySeconds;
    private @Nullable String last;
    private @Nullable Deadline away;

    StreamFollower(Session session) {
        this(session, AWAY_SECONDS);
    }

    /** @param awaySeconds how long the server may be away */
    StreamFollower(Session session, int awaySeconds) {
        this.session = session;
        this.awaySeconds = awaySeconds;
    }

    /**
     * Follows.
     *
     * @throws ClientFailure if the stream cannot be opened, or the server stays away
     */
    void follow(Opening opening, Consumer<ServerEvent> shown) {
        while (!session.out().checkError()) {
            try (EventStream events = opening.open(last)) {
                if (last == null) {
                    last = "";
                }
                if (!listened(events, shown)) {
                    return;
                }
            } catch (IOException e) {
                lost(new Unreachable("the connection broke", "The connection broke."));
            } catch (Unreachable e) {
                if (last == null) {
                    throw e;
                }
                lost(e);
            }
            Pause.millis(PAUSE_MILLIS);
        }
    }

    /** Whether to go on when the stream is over. */
    private boolean listened(EventStream events, Consumer<ServerEvent> shown) throws IOException {
        ServerEvent event;
        while ((event = events.next(WAIT_MILLIS)) != null) {
            // whatever comes, be it nothing for a while, the server is not away
            away = null;
            if (event.isNone()) {
                session.out().flush();
            } else {
                last = event.id() == null ? last : event.id();
                shown.accept(event);
            }
            if (session.out().checkError()) { // it flushes too; whoever read the output has gone
                return false;
            }
        }
        lost(new Unreachable("it ended the stream", "The server ended the stream."));
        return true;
    }

    private void lost(Unreachable failure) {
        if (away == null) {
            away = Deadline.in(awaySeconds);
        } else if (away.over()) {
            throw failure;
        }
    }
}
