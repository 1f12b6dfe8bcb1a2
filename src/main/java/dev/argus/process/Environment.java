package dev.argus.process;

import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The environment of a service: built from empty, so that nothing of Argus's own gets into it. */
public final class Environment {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final String SERVICE = "ARGUS_SERVICE";
    private static final String RELEASE = "ARGUS_RELEASE";

    private Environment() {}

    /**
     * {@code PATH HOME LANG TZ USER} from Argus's own environment (or what is usual), {@code PORT ARGUS_SERVICE ARGUS_RELEASE
     * ARGUS_INSTANCE}, and the service's own. Its own ones win, except over the last four.
     *
     * @param argus the environment of Argus, as of {@link System#getenv()}
     * @throws IllegalArgumentException when a name is none, or a value holds a NUL
     */
    public static Map<String, String> of(
            Map<String, String> argus,
            String service,
            String release,
            String instance,
            OptionalInt port,
            Map<String, String> own) {
        var environment = new TreeMap<String, String>();
        environment.put("PATH", argus.getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin"));
        environment.put("HOME", argus.getOrDefault("HOME", System.getProperty("user.home", "/")));
        environment.put("LANG", argus.getOrDefault("LANG", "C.UTF-8"));
        environment.put("USER", argus.getOrDefault("USER", System.getProperty("user.name", "nobody")));
        if (argus.containsKey("TZ")) {
            environment.put("TZ", argus.getOrDefault("TZ", ""));
        }
        own.forEach(Environment::check);
        environment.putAll(own);
        port.ifPresent(number -> environment.put("PORT", Integer.toString(number)));
        environment.put(SERVICE, service);
        environment.put(RELEASE, release);
        environment.put(Cookie.NAME, instance);
        return environment;
    }

    /**
     * Whether this may be a variable.
     *
     * @throws IllegalArgumentException naming the variable (never showing the value, which may be a secret)
     */
    public static void check(String name, String value) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("The environment variable '" + name
                    + "' has a name that is not allowed; use letters, digits and '_', beginning with no digit.");
        }
        if (value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "The value of the environment variable " + name + " holds a NUL character; remove it.");
        }
    }
}
