package dev.argus.client;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** One call of a command: what it was told, which servers there are, and where to write. */
final class Session {
    private final Globals globals;
    private final Surroundings surroundings;
    private final Set<String> warned = ConcurrentHashMap.newKeySet();
    private @Nullable Configuration configuration;

    Session(Globals globals, Surroundings surroundings) {
        this.globals = globals;
        this.surroundings = surroundings;
    }

    Globals globals() {
        return globals;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    PrintStream out() {
        return surroundings.out();
    }

    boolean json() {
        return globals.json;
    }

    /** Text from elsewhere, of several lines, fit to be shown. */
    String text(String text) {
        return globals.raw ? text : Text.safe(text);
    }

    /** Text from elsewhere that has to stay on its line. */
    String line(String text) {
        return globals.raw ? text : Text.line(text);
    }

    /** Says what a server says of itself, once however often it is asked. */
    void warn(Server server, String warning) {
        if (warned.add(server.url() + warning)) {
            note(server.url() + ": " + warning);
        }
    }

    /** Says something that is not the result, on standard error. */
    void note(String sentence) {
        surroundings.err().println("argus-client: " + withoutSecrets(Text.safe(sentence)));
    }

    String withoutSecrets(String text) {
        String given = globals.token == null ? "" : globals.token;
        String variable = surroundings.variable("ARGUS_TOKEN");
        return Text.withoutSecrets(text, given, variable == null ? "" : variable);
    }

    Configuration configuration() {
        if (configuration == null) {
            configuration = ConfigurationReader.find(globals, surroundings);
        }
        return configuration;
    }

    /** Whether the user named the server, so that there is nothing to choose. */
    boolean named() {
        return globals.server != null;
    }

    /** The server that was named, or all of the list, in its order. */
    List<Server> servers() {
        String wanted = globals.server;
        if (wanted == null) {
            return configuration().servers();
        }
        // a URL needs no list, and so no file that may be somebody else's
        if (wanted.startsWith("http://") || wanted.startsWith("https://")) {
            return List.of(Server.of(wanted, wanted));
        }
        List<String> names = new ArrayList<>();
        for (Server server : configuration().servers()) {
            if (server.name().equals(wanted)) {
                return List.of(server);
            }
            names.add(server.name());
        }
        throw ClientFailure.usage("There is no server \"" + Text.line(wanted) + "\" in the configuration (there: "
                + Text.line(String.join(", ", names)) + "), and it is no URL.");
    }

    Api api(Server server) {
        String token = globals.token != null ? globals.token : surroundings.variable("ARGUS_TOKEN");
        return new Api(
                server,
                token != null ? token : new Credentials(surroundings).token(server),
                warning -> warn(server, warning));
    }

    List<Api> all() {
        List<Api> all = new ArrayList<>();
        for (Server server : servers()) {
            all.add(api(server));
        }
        return all;
    }

    /**
     * The one server to talk to, for what concerns no service.
     *
     * @throws ClientFailure (wrong usage) if there are several
     */
    Server only() {
        List<Server> servers = servers();
        if (servers.size() > 1) {
            List<String> names = new ArrayList<>();
            for (Server server : servers) {
                names.add(server.name());
            }
            throw ClientFailure.usage("There are several servers: say which one with --server ("
                    + Text.line(String.join(", ", names)) + ").");
        }
        return servers.get(0);
    }

    /**
     * The server where a service lives; with one server alone nobody is asked.
     *
     * @throws ClientFailure if it lives on none of them
     */
    Api home(String service) {
        List<Api> all = all();
        return all.size() == 1 ? all.get(0) : new Placement(this).home(service, all);
    }
}
