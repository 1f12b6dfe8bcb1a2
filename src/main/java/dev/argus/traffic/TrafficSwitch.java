package dev.argus.traffic;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What stands in front of the services and sends each request to one of their instances. Called on one event loop only, one change after the
 * other; every future fails with an {@link dev.argus.bus.ArgusException} that says in one sentence what is wrong and what to do.
 */
public interface TrafficSwitch {

    /** Begins to accept requests by this table; fails when it cannot, as when the port is taken, and may be called again then. */
    Future<?> start(RoutingTable first);

    /** The port on which it accepts requests, once started. */
    int port();

    /**
     * Puts another table into effect, as a whole: succeeds once every request that begins from then on goes by it. Requests under way go on
     * where they are. A table that cannot be put into effect leaves the old one.
     */
    Future<?> apply(RoutingTable table);

    /**
     * Succeeds when none of these instances has a request under way any more, at the latest after {@code atMost}; WebSockets and other
     * connections without end are closed politely first. They must be out of the table already.
     */
    Future<Drained> drain(Set<String> instances, Duration atMost);

    /** What went through since it was started, by instance; instances that are gone are left out after a while. */
    Future<List<TrafficFigures>> figures();

    /**
     * What visitors of services got, by service, whoever answered them: the service or the proxy for it. Counters that begin anew when a
     * service was out of the table.
     */
    Future<List<Visits>> visits();

    /** Accepts nothing more and gives requests under way a moment to end. A proxy that outlives Argus is left running. */
    Future<?> close();

    /**
     * How a drain ended.
     *
     * @param cut how many requests and connections were still under way when the time was over
     */
    record Drained(int cut) {}

    /**
     * Counters of one service.
     *
     * @param requests that have ended
     * @param failed those of them that were answered 500 to 599 or broke off
     */
    record Visits(String service, long requests, long failed) {}

    /**
     * Counters of one instance, since the proxy knows it.
     *
     * @param inFlight requests and connections under way now
     * @param failed answers 500 to 599 and those that broke off, Argus's own among them
     * @param millis the time of all requests together, from their first byte in to their last byte out
     */
    record TrafficFigures(String service, String instance, int inFlight, long requests, long failed, long millis) {}
}
