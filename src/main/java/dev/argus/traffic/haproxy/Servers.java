package dev.argus.traffic.haproxy;

import dev.argus.traffic.haproxy.Plan.Located;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How the servers of a worker stand, or are to stand. Those that are not named are in maintenance. Immutable.
 *
 * @param byName by {@code b0/s1}
 */
record Servers(Map<String, Server> byName) {
    private static final Server FREE = new Server(1, Mode.MAINT);
    private static final int MAINTENANCE = 0x01;
    private static final int DRAINING = 0x08;

    Servers {
        byName = Map.copyOf(byName);
    }

    record Server(int port, Mode mode) {}

    /** The states that the runtime socket knows. */
    enum Mode {
        READY("ready"),
        MAINT("maint"),
        DRAIN("drain");

        private final String word;

        Mode(String word) {
            this.word = word;
        }
    }

    /** As this plan wants them. */
    static Servers of(Plan plan) {
        var servers = new HashMap<String, Server>();
        plan.located().forEach(each -> servers.put(each.server(), of(each)));
        return new Servers(servers);
    }

    private static Server of(Located each) {
        return new Server(
                each.slot().port(),
                switch (each.slot().state()) {
                    case READY -> Mode.READY;
                    case WAITING -> Mode.MAINT;
                    case LEAVING -> Mode.DRAIN;
                });
    }

    /** As a worker starts with the configuration of this plan: in a file a server is ready or in maintenance. */
    static Servers configured(Plan plan) {
        var servers = new HashMap<String, Server>();
        of(plan).byName()
                .forEach((name, server) -> servers.put(
                        name, server.mode() == Mode.READY ? server : new Server(server.port(), Mode.MAINT)));
        return new Servers(servers);
    }

    /** As {@code show servers state} tells them; other lines and the servers that are no slots are left out. */
    static Servers parse(String state) {
        var servers = new HashMap<String, Server>();
        state.lines()
                .map(line -> line.split(" ", -1))
                .filter(words -> words.length > 18 && words[3].matches("s\\d+"))
                .forEach(words -> {
                    int admin = Integer.parseInt(words[6]);
                    Mode mode =
                            (admin & MAINTENANCE) != 0 ? Mode.MAINT : (admin & DRAINING) != 0 ? Mode.DRAIN : Mode.READY;
                    servers.put(words[1] + "/" + words[3], new Server(Integer.parseInt(words[18]), mode));
                });
        return new Servers(servers);
    }

    /** The commands that make more servers ready on the way from this to the other; to be given before routes change. */
    List<String> toReady(Servers other) {
        return commands(other, true);
    }

    /** The commands for the rest of the way; to be given after routes changed. */
    List<String> toRest(Servers other) {
        return commands(other, false);
    }

    private List<String> commands(Servers other, boolean ready) {
        var commands = new ArrayList<String>();
        other.byName().keySet().stream()
                .sorted()
                .forEach(name -> change(name, get(name), other.get(name), ready, commands));
        if (!ready) {
            byName.keySet().stream()
                    .filter(name -> !other.byName().containsKey(name))
                    .sorted()
                    .forEach(
                            name -> change(name, get(name), new Server(get(name).port(), Mode.MAINT), false, commands));
        }
        return commands;
    }

    private static void change(String name, Server from, Server to, boolean ready, List<String> commands) {
        if ((to.mode() == Mode.READY) != ready) {
            return;
        }
        if (from.port() != to.port()) {
            commands.add("set server " + name + " addr 127.0.0.1 port " + to.port());
        }
        if (from.mode() != to.mode()) {
            commands.add("set server " + name + " state " + to.mode().word);
        }
    }

    private Server get(String name) {
        return byName.getOrDefault(name, FREE);
    }
}
