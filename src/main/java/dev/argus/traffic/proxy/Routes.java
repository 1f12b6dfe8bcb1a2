package dev.argus.traffic.proxy;

import dev.argus.traffic.RoutingTable;
import dev.argus.traffic.RoutingTable.Address;
import dev.argus.traffic.RoutingTable.Route;
import dev.argus.traffic.RoutingTable.Target;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A routing table, made ready for look-ups. Immutable. */
final class Routes {
    private final Map<String, List<Entry>> byHost = new HashMap<>();

    private record Entry(String prefix, Destination destination) {}

    /** A service as requests find it. */
    static final class Destination {
        private final Backend[] ready;
        private final Line line;
        private final boolean stopped;

        private Destination(List<Backend> ready, Line line, boolean stopped) {
            this.ready = ready.toArray(Backend[]::new);
            this.line = line;
            this.stopped = stopped;
        }

        Line line() {
            return line;
        }

        boolean isStopped() {
            return stopped;
        }

        /** Of the ready instances but {@code avoid} that with the least under way, each in its {@code turn} where several have as little. */
        @Nullable
        Backend choose(int turn, @Nullable Backend avoid) {
            int count = ready.length;
            if (count == 1) {
                return ready[0] == avoid ? null : ready[0];
            }
            Backend best = null;
            int least = Integer.MAX_VALUE;
            int at = count == 0 ? 0 : Math.floorMod(turn, count);
            for (int i = 0; i < count; i++) {
                Backend backend = ready[at];
                int inFlight = backend.inFlight();
                if (inFlight < least && backend != avoid) {
                    best = backend;
                    least = inFlight;
                }
                at = at + 1 == count ? 0 : at + 1;
            }
            return best;
        }
    }

    Routes(RoutingTable table, Function<String, Backend> backends, Function<String, Line> lines) {
        for (Route route : table.routes()) {
            List<Backend> ready = route.targets().stream()
                    .filter(Target::ready)
                    .map(target -> backends.apply(target.instance()))
                    .toList();
            var destination = new Destination(ready, lines.apply(route.service()), route.stopped());
            for (Address address : route.addresses()) {
                byHost.computeIfAbsent(address.host(), made -> new ArrayList<>())
                        .add(new Entry(address.pathPrefix(), destination));
            }
        }
        byHost.values()
                .forEach(entries -> entries.sort(
                        Comparator.comparingInt((Entry entry) -> entry.prefix().length())
                                .reversed()));
    }

    /** Where requests for this host, in lower case, and the path between two places of a head go; null when nowhere. */
    @Nullable
    Destination find(String host, ByteBuf head, int from, int to) {
        List<Entry> entries = byHost.get(host);
        if (entries == null) {
            return null;
        }
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            if (isBelow(head, from, to, entry.prefix())) {
                return entry.destination();
            }
        }
        return null;
    }

    private static boolean isBelow(ByteBuf head, int from, int to, String prefix) {
        if (prefix.length() == 1) {
            return true;
        }
        if (to - from < prefix.length()) {
            return false;
        }
        for (int i = 0; i < prefix.length(); i++) {
            if (head.getByte(from + i) != prefix.charAt(i)) {
                return false;
            }
        }
        int next = from + prefix.length();
        return next == to || head.getByte(next) == '/' || head.getByte(next) == '?';
    }
}
