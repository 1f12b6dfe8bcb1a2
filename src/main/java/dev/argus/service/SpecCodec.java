package dev.argus.service;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Between the JSON of deploy requests and {@code argus.json} and a {@link ServiceSpec}; nothing unknown or out of range passes. */
public final class SpecCodec {
    /** The keys of a spec, as in {@code argus.json}. */
    public static final Set<String> KEYS = Set.of(
            "build",
            "start",
            "stop",
            "port",
            "instances",
            "isalive",
            "env",
            "resources",
            "hosts",
            "data",
            "stopTimeout");

    private static final int LONGEST_COMMAND = 8_192;
    private static final int LONGEST_VALUE = 32_768;
    private static final int MOST_VARIABLES = 500;
    private static final int MOST_ELEMENTS = 64;
    private static final ByteSize LEAST_MEMORY = new ByteSize(4L << 20);
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,254}");
    private static final Pattern HOST =
            Pattern.compile("(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");
    /** Nothing that is written in several ways, and no way up: what is routed is compared as it stands. */
    private static final Pattern HOST_PATH = Pattern.compile("(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~@:+,=!$&()*-]+)*/?");

    private static final int LONGEST_PATH = 999;
    private static final Pattern PROBE_PATH = Pattern.compile("/(?!/)[!-~&&[^#\\\\]]*");

    private static final int LONGEST_PROBE_PATH = 1024;

    /** What {@link #isProbePath} wants, in words. */
    public static final String A_PROBE_PATH = "a path such as \"/isalive\", with one slash first and no blanks";

    private SpecCodec() {}

    /** Whether a service can be asked there whether it is well. */
    public static boolean isProbePath(String path) {
        return path.length() <= LONGEST_PROBE_PATH && PROBE_PATH.matcher(path).matches();
    }

    /**
     * The spec that {@code json} says; null values are as if the key were not there.
     *
     * @throws InvalidValue naming the first field that is wrong by its path
     */
    public static ServiceSpec decode(JsonObject json) {
        return decode(json, Set.of());
    }

    /**
     * Like {@link #decode(JsonObject)}, for an object that has {@code otherKeys} beside the spec, which the caller reads.
     *
     * @throws InvalidValue naming the first field that is wrong by its path
     */
    public static ServiceSpec decode(JsonObject json, Set<String> otherKeys) {
        var reader = new SpecReader(json, "");
        var known = new LinkedHashSet<>(KEYS);
        known.addAll(otherKeys);
        reader.refuseOtherKeysThan(known);
        return new ServiceSpec(
                command(reader, "build"),
                command(reader, "start"),
                command(reader, "stop"),
                reader.integer("port", 1, 65_535),
                reader.integer("instances", 1, 64),
                probe(reader.object("isalive")),
                environment(reader.object("env")),
                resources(reader.object("resources")),
                hosts(reader),
                data(reader),
                duration(reader, "stopTimeout", Duration.ZERO, Duration.ofHours(1)));
    }

    /**
     * Checks an environment as {@link #decode} does.
     *
     * @throws InvalidValue of the field {@code env.NAME}
     */
    public static void checkVariable(String name, String value) {
        String field = "env." + Shown.plain(name);
        if (!VARIABLE.matcher(name).matches()) {
            throw new InvalidValue(
                    field, field + " is no name for a variable; take letters, digits and underscores, no digit first.");
        }
        if (name.equals("PORT") || name.startsWith("ARGUS_")) {
            throw new InvalidValue(field, field + " is set by Argus itself; take another name.");
        }
        if (value.length() > LONGEST_VALUE || value.indexOf('\0') >= 0) {
            throw new InvalidValue(
                    field, field + " must have at most " + LONGEST_VALUE + " characters and no NUL among them.");
        }
    }

    private static @Nullable String command(SpecReader reader, String key) {
        String text = reader.text(key, LONGEST_COMMAND);
        if (text != null) {
            CommandLine.parse(reader.at(key), text);
        }
        return text;
    }

    private static @Nullable Duration duration(SpecReader reader, String key, Duration least, Duration most) {
        String text = reader.text(key, 32);
        return text == null ? null : Durations.parse(reader.at(key), text, least, most);
    }

    private static ProbeSpec probe(SpecReader reader) {
        reader.refuseOtherKeysThan(Set.of("path", "interval", "timeout", "failures", "grace", "dump"));
        String path = reader.text("path", 1_024);
        if (path != null && !isProbePath(path)) {
            throw reader.wrong("path", "must be " + A_PROBE_PATH);
        }
        return new ProbeSpec(
                path,
                duration(reader, "interval", Duration.ofMillis(100), Duration.ofHours(1)),
                duration(reader, "timeout", Duration.ofMillis(50), Duration.ofMinutes(1)),
                reader.integer("failures", 1, 100),
                duration(reader, "grace", Duration.ZERO, Duration.ofHours(1)),
                reader.flag("dump"));
    }

    private static Map<String, String> environment(SpecReader reader) {
        var environment = new LinkedHashMap<String, String>();
        reader.entries().forEach((name, value) -> {
            if (!(value instanceof String text)) {
                throw reader.wrong(Shown.plain(name), "must be text; put it into quotes");
            }
            checkVariable(name, text);
            environment.put(name, text);
        });
        if (environment.size() > MOST_VARIABLES) {
            throw new InvalidValue("env", "env must have at most " + MOST_VARIABLES + " variables.");
        }
        return environment;
    }

    private static Resources resources(SpecReader reader) {
        reader.refuseOtherKeysThan(Set.of("memory", "cpus", "tasks"));
        String memory = reader.text("memory", 32);
        ByteSize size = memory == null ? null : ByteSize.parse(reader.at("memory"), memory);
        if (size != null && size.bytes() < LEAST_MEMORY.bytes()) {
            throw reader.wrong("memory", "must be at least " + LEAST_MEMORY);
        }
        return new Resources(size, reader.decimal("cpus", 0.01, 1024), reader.integer("tasks", 1, 1_000_000));
    }

    private static List<String> hosts(SpecReader reader) {
        var hosts = new LinkedHashSet<String>();
        List<String> given = texts(reader, "hosts");
        for (int i = 0; i < given.size(); i++) {
            hosts.add(host(reader, "hosts[" + i + "]", given.get(i)));
        }
        return List.copyOf(hosts);
    }

    /** A name in lower case, perhaps with a path, whose letters stay as they are and which ends without a slash. */
    private static String host(SpecReader reader, String field, String given) {
        int slash = given.indexOf('/');
        String name = (slash < 0 ? given : given.substring(0, slash)).toLowerCase(Locale.ROOT);
        String path = slash < 0 ? "" : given.substring(slash);
        if (!HOST.matcher(name).matches()) {
            throw reader.wrong(field, "is " + Shown.quoted(given) + ", which is no host name");
        }
        if (path.length() > LONGEST_PATH || !HOST_PATH.matcher(path).matches()) {
            throw reader.wrong(
                    field,
                    "is " + Shown.quoted(given)
                            + ", whose path cannot be routed; use letters, digits and -._~ between single slashes");
        }
        return name + (path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
    }

    private static List<String> data(SpecReader reader) {
        List<String> given = texts(reader, "data");
        for (int i = 0; i < given.size(); i++) {
            if (!isRelativeInside(given.get(i))) {
                throw reader.wrong(
                        "data[" + i + "]",
                        "is " + Shown.quoted(given.get(i))
                                + "; it must be a path inside the repository, without \"..\" and not starting with a slash");
            }
        }
        return List.copyOf(new LinkedHashSet<>(given));
    }

    private static boolean isRelativeInside(String path) {
        if (path.startsWith("/") || path.chars().anyMatch(Character::isISOControl)) {
            return false;
        }
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..") || part.equalsIgnoreCase(".argus")) {
                return false;
            }
        }
        return true;
    }

    private static List<String> texts(SpecReader reader, String key) {
        JsonArray array = reader.array(key, MOST_ELEMENTS);
        var texts = new ArrayList<String>();
        for (int i = 0; i < array.size(); i++) {
            if (!(array.getValue(i) instanceof String text) || text.isBlank() || text.length() > 1_024) {
                throw reader.wrong(key + "[" + i + "]", "must be text of 1 to 1024 characters");
            }
            texts.add(text);
        }
        return texts;
    }

    /** The JSON of a spec: only what it says; {@link #decode} reads it back as the same. */
    public static JsonObject encode(ServiceSpec spec) {
        var json = new JsonObject();
        put(json, "build", spec.build());
        put(json, "start", spec.start());
        put(json, "stop", spec.stop());
        put(json, "port", spec.port());
        put(json, "instances", spec.instances());
        putUnlessEmpty(json, "isalive", encode(spec.isalive()));
        var env = new JsonObject();
        new TreeMap<>(spec.env()).forEach(env::put);
        putUnlessEmpty(json, "env", env);
        putUnlessEmpty(json, "resources", encode(spec.resources()));
        if (!spec.hosts().isEmpty()) {
            json.put("hosts", new JsonArray(spec.hosts()));
        }
        if (!spec.data().isEmpty()) {
            json.put("data", new JsonArray(spec.data()));
        }
        put(json, "stopTimeout", text(spec.stopTimeout()));
        return json;
    }

    private static JsonObject encode(ProbeSpec probe) {
        var json = new JsonObject();
        put(json, "path", probe.path());
        put(json, "interval", text(probe.interval()));
        put(json, "timeout", text(probe.timeout()));
        put(json, "failures", probe.failures());
        put(json, "grace", text(probe.grace()));
        put(json, "dump", probe.dump());
        return json;
    }

    private static JsonObject encode(Resources resources) {
        var json = new JsonObject();
        put(
                json,
                "memory",
                resources.memory() == null ? null : resources.memory().toString());
        put(json, "cpus", resources.cpus());
        put(json, "tasks", resources.tasks());
        return json;
    }

    private static @Nullable String text(@Nullable Duration duration) {
        return duration == null ? null : Durations.format(duration);
    }

    private static void put(JsonObject json, String key, @Nullable Object value) {
        if (value != null) {
            json.put(key, value);
        }
    }

    private static void putUnlessEmpty(JsonObject json, String key, JsonObject value) {
        if (!value.isEmpty()) {
            json.put(key, value);
        }
    }
}
