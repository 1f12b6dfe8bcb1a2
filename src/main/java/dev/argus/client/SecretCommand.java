package dev.argus.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** {@code secret NAME set KEY}: a variable that nobody can read again. Its value never stands on a command line. */
final class SecretCommand implements Command {
    private static final int LONGEST = 64 * 1024;

    @Override
    public Usage usage() {
        return new Usage(
                        "secret",
                        "Sets or removes a secret of a service. The value is read from standard input, or asked for.")
                .argument("NAME", "the service")
                .argument("set|unset", "what to do")
                .argument("KEY", "the name of the secret");
    }

    @Override
    public int run(Session session, Arguments arguments) {
        String name = arguments.argument(0);
        String verb = arguments.argument(1);
        String key = arguments.argument(2);
        String path = Api.service(name) + "/secrets/" + Api.segment(key);
        boolean sets = verb.equals("set");
        if (!sets && !verb.equals("unset")) {
            throw ClientFailure.usage("secret takes set or unset.");
        }
        if (key.indexOf('=') >= 0) {
            throw ClientFailure.usage("The value of a secret is read from standard input: give the name alone.");
        }
        String value = sets ? value(session) : "";
        Api api = session.home(name);
        if (sets) {
            api.order("PUT", path, Map.of("value", value));
        } else {
            api.order("DELETE", path, null);
        }
        if (!session.json()) {
            session.out()
                    .println((sets ? "Set " : "Removed ") + session.line(key)
                            + ". What runs already keeps its old environment until argus-client restart " + name + ".");
        }
        return ExitStatus.DONE;
    }

    private static String value(Session session) {
        String typed = session.surroundings().terminal().askSecret("Value (not shown): ");
        String value = typed == null ? read(session) : typed;
        if (value.isEmpty()) {
            throw ClientFailure.usage("The value is empty: write it to standard input.");
        }
        return value;
    }

    private static String read(Session session) {
        byte[] bytes;
        try {
            bytes = session.surroundings().in().readNBytes(LONGEST + 1);
        } catch (IOException e) {
            throw ClientFailure.failed("Standard input cannot be read: write the value of the secret there.");
        }
        if (bytes.length > LONGEST) {
            throw ClientFailure.usage("The value is longer than 64 KiB.");
        }
        String value = new String(bytes, StandardCharsets.UTF_8);
        int end = value.length();
        if (value.endsWith("\n")) {
            end -= value.endsWith("\r\n") ? 2 : 1;
        }
        return value.substring(0, end); // one line end belongs to whoever wrote it, not to the value
    }
}
