package dev.argus.client;

import java.util.List;

/**
 * The client's section of config.json.
 *
 * @param servers at least one, in the order in which they are asked
 */
record Configuration(List<Server> servers, Requirements requirements) {
    /** Used where there is no file. */
    static final Configuration DEFAULT =
            new Configuration(List.of(Server.of("local", "http://127.0.0.1:8080")), Requirements.DEFAULT);

    Configuration {
        servers = List.copyOf(servers);
    }
}
