package dev.argus.traffic.haproxy;

import dev.argus.bus.ArgusException;
import dev.argus.config.AddressRange;
import dev.argus.traffic.AddressLimit;
import dev.argus.traffic.haproxy.Plan.Located;
import dev.argus.traffic.haproxy.Plan.Slot;
import dev.argus.traffic.haproxy.Plan.State;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The files that HAProxy reads, as text. Pure. What goes into them are numbers, the checked address to listen on and the checked keys of {@link
 * RouteKey}; names of files are relative to the directory in which it runs.
 */
final class Configuration {
    /** The main file. */
    static final String MAIN = "haproxy.cfg";

    /** The map that leads from host and path to a backend. */
    static final String ROUTES = "routes.map";

    private static final Pattern DIRECTORY = Pattern.compile("/[A-Za-z0-9._/-]{0,89}");

    private static final String TEMPLATE = resource("haproxy.cfg");
    private static final String LUA = resource("argus.lua");

    /** Most hosts come as they are in the map, in lower case and without a port: then one look is enough. */
    private static final String ROUTING = """
                http-request set-var(txn.form) str(-json) if { req.fhdr(accept) -m sub json } !{ req.fhdr(accept) -m sub html }
                http-request set-var(txn.backend) base,concat(/),map_beg(routes.map)
                http-request set-var(txn.host) req.fhdr(host),lower,host_only unless { var(txn.backend) -m found }
                http-request set-var(txn.path) path unless { var(txn.backend) -m found }
                http-request set-var(txn.backend) var(txn.host),concat(,txn.path,/),map_beg(routes.map) unless { var(txn.backend) -m found }\
            """;

    /** Our own pages alone have these. */
    private static final String FORM = """
                http-after-response set-header content-type application/problem+json if { var(txn.form) -m found } { res.fhdr(x-argus-page) -m found }
                http-after-response del-header x-argus-page if { status 400:599 }\
            """;

    private Configuration() {}

    /**
     * All files by name, except {@link #ROUTES}.
     *
     * @param directory in which the files are
     * @param port the one to listen on
     * @param node a name of letters and digits that no other directory of this machine has
     * @param user as whom the worker is to run, where Argus is root
     */
    static Map<String, String> files(
            HaproxySettings settings, Path directory, int port, String node, Optional<Account> user, Plan plan) {
        var files = new TreeMap<String, String>();
        files.put(MAIN, main(settings, directory, port, node, user, plan));
        files.put("argus.lua", LUA);
        files.put("pages.map", Pages.text());
        return files;
    }

    /** Whom the worker becomes; numbers alone. */
    record Account(int user, int group) {}

    private static String main(
            HaproxySettings settings, Path directory, int port, String node, Optional<Account> user, Plan plan) {
        String waiting = "abns@argus-" + node;
        String text = TEMPLATE.replace("@routing@", ROUTING)
                .replace("@form@", FORM)
                .replace("@listen@", listen(settings.host(), port))
                .replace("@waiting@", waiting)
                .replace("@place@\n", settings.elsewhere().isPresent() ? "    default-path config\n" : "")
                .replace(
                        "@socket@",
                        settings.elsewhere().isPresent() ? checked(directory) + "/worker.sock" : "worker.sock")
                .replace("@idle@", Long.toString(settings.idle().toMillis()))
                .replace("@most@", Integer.toString(settings.byAddress().most()))
                .replace("@proxies@", proxies(settings.byAddress()))
                .replace("@hold@", Long.toString(settings.hold().toMillis()))
                .replace(
                        "@privileges@\n",
                        user.map(account -> "    uid " + account.user() + "\n    gid " + account.group() + "\n")
                                .orElse(""));
        Map<String, Slot> slots = plan.located()
                .collect(Collectors.toMap(Located::server, Located::slot, (first, _) -> first, TreeMap::new));
        return IntStream.range(0, plan.backends())
                .mapToObj(backend -> backend(backend, plan.slots(), slots, waiting, settings.held()))
                .collect(Collectors.joining("", text, ""));
    }

    /** One that HAProxy runs in has its names by itself; elsewhere it is named. */
    private static Path checked(Path directory) {
        if (!DIRECTORY.matcher(directory.toString()).matches()) {
            throw ArgusException.invalid(
                    "server.proxy.haproxy.directory",
                    "The directory of HAProxy is not an absolute path of at most 90 letters, digits and -._ between"
                            + " slashes; choose another one.");
        }
        return directory;
    }

    private static String listen(String host, int port) {
        String address = host.contains(":") ? "[" + host + "]" : host;
        return address + ":" + port;
    }

    /** As the end of a condition. */
    private static String proxies(AddressLimit limit) {
        return limit.proxies().isEmpty()
                ? ""
                : limit.proxies().stream()
                        .map(AddressRange::toString)
                        .collect(Collectors.joining(" ", " !{ src ", " }"));
    }

    private static String backend(int backend, int count, Map<String, Slot> slots, String waiting, int held) {
        String name = "b" + backend;
        var text = new StringBuilder("\nbackend ").append(name).append('\n');
        // no number of free connections: a server without limit can be used
        text.append("    http-request deny deny_status 503 if { be_conn_free(")
                .append(name)
                .append(") eq 0 }\n");
        for (int number = 1; number <= count; number++) {
            Slot slot = slots.get(name + "/s" + number);
            boolean ready = slot != null && slot.state() == State.READY;
            text.append("    server s").append(number).append(" 127.0.0.1:").append(slot == null ? 1 : slot.port());
            text.append(ready ? "\n" : " disabled\n");
        }
        return text.append("    server hold ")
                .append(waiting)
                .append(" backup maxconn ")
                .append(held)
                .append('\n')
                .toString();
    }

    /** The lines of the map, as HAProxy reads them from the file and from its socket. */
    static String routes(Plan plan) {
        return plan.routes().entrySet().stream()
                .map(route -> route.getKey() + " " + route.getValue() + "\n")
                .collect(Collectors.joining());
    }

    private static String resource(String name) {
        try (InputStream resource = Configuration.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new IllegalStateException("The resource " + name + " is missing from this build of Argus.");
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
