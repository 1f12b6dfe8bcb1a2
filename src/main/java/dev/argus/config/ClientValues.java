package dev.argus.config;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds what argus-client would refuse in its part of the file, so that {@code check-config} finds every mistake; the server needs none of it. */
final class ClientValues {
    private static final Pattern SIZE = Pattern.compile("[0-9]+(\\.[0-9]*)?\\s*(B|[KMGT]iB|[kKMGT]B)?");

    private ClientValues() {}

    static void check(Section client) {
        Object servers = client.value("servers");
        if (servers != null) {
            servers(client, servers);
        }
        Section requirements = client.quietSection("requirements");
        size(requirements, "memory");
        size(requirements, "disk");
        Object cpus = requirements.value("cpus");
        if (cpus != null && !(cpus instanceof Number number && number.doubleValue() >= 0)) {
            requirements.wrong("cpus", "must be a number of cores such as 0.1");
        }
    }

    private static void servers(Section client, Object value) {
        if (!(value instanceof JsonArray array) || array.isEmpty()) {
            client.wrong("servers", "must be a list of at least one {\"name\", \"url\"}");
            return;
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < array.size(); i++) {
            String at = "servers[" + i + "]";
            if (array.getValue(i) instanceof JsonObject) {
                server(client.sectionOf(at, array.getValue(i)), names);
            } else {
                client.wrong(at, "must be an object with name and url");
            }
        }
    }

    private static void server(Section server, Set<String> names) {
        Object url = server.value("url");
        if (!(url instanceof String text) || !isServer(text)) {
            server.wrong("url", "must be a URL such as \"http://127.0.0.1:8080\"");
        }
        Object name = server.value("name");
        Object called = name == null ? url : name;
        if (name != null && !(name instanceof String given && !given.isEmpty())) {
            server.wrong("name", "must be a text");
        } else if (called instanceof String known && !names.add(known)) {
            server.wrong("name", "is the name of another server too");
        }
        server.refuseTheRest();
    }

    private static boolean isServer(String text) {
        try {
            var uri = new URI(text);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            return (scheme.equals("http") || scheme.equals("https"))
                    && uri.getHost() != null
                    && uri.getPort() != 0
                    && uri.getPort() <= 65_535
                    && isNothing(uri.getRawUserInfo())
                    && isNothing(uri.getRawQuery())
                    && isNothing(uri.getRawFragment());
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static boolean isNothing(@Nullable String part) {
        return part == null;
    }

    private static void size(Section requirements, String key) {
        Object value = requirements.value(key);
        boolean good = value == null
                || ((value instanceof Integer || value instanceof Long) && ((Number) value).longValue() >= 0)
                || (value instanceof String text && SIZE.matcher(text).matches());
        if (!good) {
            requirements.wrong(key, "must be a size such as \"256MiB\"");
        }
    }
}
