package dev.argus.client;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Goes once through what users do most, in one JVM, so that the build can keep what the JVM learns from it
 * ({@code -XX:AOTCacheOutput}). Takes the URL of a server and $ARGUS_TOKEN; if a service called {@code rehearsal} is
 * deployed there, it is deployed again, restarted, stopped and started. Nothing else is changed, and failures do not matter.
 */
public final class Rehearsal {
    private static final String SERVICE = "rehearsal";

    private Rehearsal() {}

    /** The one argument is the URL of the server. */
    public static void main(String[] args) {
        Surroundings process = Surroundings.ofProcess();
        String url = args.length == 0 ? "http://127.0.0.1:8080" : args[0];
        String[][] calls = {
            {"--help"},
            {"--version"},
            {"deploy", "--help"},
            {"--server", url, "ls"},
            {"--server", url, "ls", "-o", "json"},
            {"--server", url, "stats"},
            {"--server", url, "servers"},
            {"--server", url, "deploy", SERVICE},
            {"--server", url, "restart", SERVICE},
            {"--server", url, "stop", SERVICE},
            {"--server", url, "start", SERVICE},
            {"--server", url, "status", SERVICE},
            {"--server", url, "why", SERVICE},
            {"--server", url, "timeline", SERVICE},
            {"--server", url, "logs", SERVICE, "-n", "10"},
            {"--server", url, "releases", SERVICE},
            {"--server", url, "env", SERVICE, "list"},
            {"--server", url, "events"},
            {"--server", "http://127.0.0.1:1", "ls"},
            {"ls"},
        };
        for (String[] call : calls) {
            int status = ArgusClient.run(call, silent(process, process.environment()));
            process.out().println(status + " " + call[Math.min(2, call.length - 1)]);
        }
        // with nothing but what login stored
        Map<String, String> nothing = new HashMap<>(process.environment());
        nothing.remove("ARGUS_TOKEN");
        ArgusClient.run(new String[] {"--server", url, "ls"}, silent(process, nothing));
        process.terminal().visible();
    }

    private static Surroundings silent(Surroundings process, Map<String, String> environment) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        return new Surroundings(
                InputStream.nullInputStream(), nowhere, nowhere, environment, process.directory(), process.terminal());
    }
}
