package dev.argus.traffic;

import dev.argus.bus.Command;
import dev.argus.bus.Done;
import dev.argus.traffic.TrafficSwitch.Drained;
import dev.argus.traffic.TrafficSwitch.TrafficFigures;
import dev.argus.traffic.TrafficSwitch.Visits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is asked of the {@link TrafficVerticle}. */
public sealed interface TrafficCommand<R> extends Command<R> {
    /** The address of the {@link TrafficVerticle}. */
    String ADDRESS = "argus.traffic";

    @Override
    default String address() {
        return ADDRESS;
    }

    /**
     * Answers when every new request of the service goes to instances of this release, or waits for them; {@code UNAVAILABLE} when the proxy
     * does not take that on.
     */
    record Settle(String service, int release) implements TrafficCommand<Done> {
        @Override
        public Duration deadline() {
            return Duration.ofSeconds(30);
        }
    }

    /**
     * Gives these instances no new requests from now on, and answers when those under way have ended.
     *
     * @param atMost after which the rest is cut
     */
    record Drain(Set<String> instances, Duration atMost) implements TrafficCommand<Drained> {
        /** Copies the ids. */
        public Drain {
            instances = Set.copyOf(instances);
        }

        @Override
        public Duration deadline() {
            return atMost.plusSeconds(30);
        }
    }

    /** Gives them new requests again, as when what they were drained for did not happen. */
    record Undrain(Set<String> instances) implements TrafficCommand<Done> {
        /** Copies the ids. */
        public Undrain {
            instances = Set.copyOf(instances);
        }
    }

    /** The port on which services are reached; 0 while there is none. */
    record Port() implements TrafficCommand<Integer> {}

    /** What each instance gets of the requests for its service, by its id. */
    record Shares() implements TrafficCommand<Map<String, Share>> {}

    /** What went through, by instance. */
    record Figures() implements TrafficCommand<List<TrafficFigures>> {}

    /** What visitors got, by service. */
    record AllVisits() implements TrafficCommand<List<Visits>> {}
}
