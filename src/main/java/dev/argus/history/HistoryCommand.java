package dev.argus.history;

import dev.argus.bus.Command;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is asked of the {@link HistoryVerticle}. */
public sealed interface HistoryCommand<R> extends Command<R> {
    /** The address of the {@link HistoryVerticle}. */
    String ADDRESS = "argus.history";

    @Override
    default String address() {
        return ADDRESS;
    }

    /**
     * What has happened to a service, newest first.
     *
     * @param before the id of an entry, of which only older ones are wanted; null to begin with the newest
     */
    record Timeline(String service, @Nullable Long before, int limit) implements HistoryCommand<List<KeptEntry>> {}

    /** The incidents of a service, newest first. */
    record Incidents(String service) implements HistoryCommand<List<Incident>> {}

    /** An incident and its evidence in JSON. */
    record Case(Incident incident, String evidence) {}

    /** One incident with its evidence; {@code NOT_FOUND} when the service has none of that id. */
    record FindIncident(String service, String id) implements HistoryCommand<Case> {}

    /**
     * What is remembered of a service for those who ask why it is as it is.
     *
     * @param incident the newest
     * @param lastStop when somebody wanted it stopped the last time, and who
     */
    record Memory(@Nullable Incident incident, @Nullable Entry lastStop) {}

    /** How often instances were started again since then, by service, of those that timelines still have. */
    record Restarts(Instant since) implements HistoryCommand<Map<String, Integer>> {}

    /** What is remembered of a service. */
    record Remember(String service) implements HistoryCommand<Memory> {}
}
