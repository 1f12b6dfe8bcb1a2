package dev.argus.traffic.haproxy;

import dev.argus.bus.ArgusException;
import dev.argus.bus.ErrorCode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The master process of a running HAProxy, and through it its workers. Blocks; every command has a deadline. Thread-safe. */
final class Master {
    private static final Logger log = LoggerFactory.getLogger(Master.class);
    private static final Duration SOON = Duration.ofSeconds(5);
    /** The runtime socket takes no more at once than a buffer of HAProxy holds, 16 KiB. */
    private static final int MOST_CHARACTERS = 8_000;

    private final RuntimeSocket socket;

    Master(Path path) {
        socket = new RuntimeSocket(path);
    }

    /**
     * One worker.
     *
     * @param current whether new connections come to it; the others serve what they had at the last reload
     */
    record Worker(long pid, boolean current) {}

    /**
     * Those that live, the current one first.
     *
     * @throws IOException when the master does not answer
     */
    List<Worker> workers() throws IOException {
        var workers = new ArrayList<Worker>();
        boolean current = false;
        for (String line : socket.ask("show proc", SOON).lines().toList()) {
            String[] words = line.strip().split("\\s+", -1);
            if (line.startsWith("#")) {
                current = line.startsWith("# workers");
            } else if (words.length > 1 && words[1].equals("worker")) {
                workers.add(current ? 0 : workers.size(), new Worker(Long.parseLong(words[0]), current));
            }
        }
        return workers;
    }

    /** The current worker's pid, once it takes commands. */
    long ready() throws IOException {
        Worker worker = workers().stream()
                .filter(Worker::current)
                .findFirst()
                .orElseThrow(() -> new IOException("HAProxy has no worker"));
        String info = ask(worker, "show info");
        if (!info.contains("\nPid: " + worker.pid() + "\n")) {
            throw new IOException("the worker " + worker.pid() + " does not say who it is");
        }
        return worker.pid();
    }

    /** Has it read its configuration again. It closes its sockets meanwhile, so what follows is to be seen by {@link #ready}. */
    void reload() {
        try {
            socket.ask("reload", SOON);
        } catch (IOException e) {
            log.debug("HAProxy cut off the connection that asked it to reload: {}", e.getMessage());
        }
    }

    /** What a worker answers. */
    String ask(Worker worker, String command) throws IOException {
        String answer = socket.ask("@!" + worker.pid() + " " + command, SOON);
        if (answer.startsWith("Can't find the target")) {
            throw new IOException("the worker " + worker.pid() + " is gone");
        }
        return answer;
    }

    /** Gives these to a worker, and fails at the first that it refuses. An old worker does not know what is new, which does not matter. */
    void tell(Worker worker, List<String> commands) throws IOException {
        for (String command : commands) {
            String answer = ask(worker, command);
            if (!answer.isEmpty() && !answer.contains("port changed") && !answer.startsWith("no need to change")) {
                refused(worker, command, answer);
            }
        }
    }

    /** Replaces the routes of a worker as a whole: requests go by the old ones or by the new ones, never by a part. */
    void route(Worker worker, String lines) throws IOException {
        String prepared = ask(worker, "prepare map " + Configuration.ROUTES);
        if (!prepared.matches("New version created: \\d+")) {
            refused(worker, "prepare map", prepared);
            return;
        }
        String version = "@" + prepared.substring(prepared.lastIndexOf(' ') + 1);
        var part = new StringBuilder();
        for (String line : lines.lines().toList()) {
            if (part.length() + line.length() > MOST_CHARACTERS) {
                add(worker, version, part);
            }
            part.append(line).append('\n');
        }
        add(worker, version, part);
        tell(worker, List.of("commit map " + version + " " + Configuration.ROUTES));
    }

    private void add(Worker worker, String version, StringBuilder part) throws IOException {
        if (!part.isEmpty()) {
            tell(worker, List.of("add map " + version + " " + Configuration.ROUTES + " <<\n" + part));
            part.setLength(0);
        }
    }

    private static void refused(Worker worker, String command, String answer) {
        String verb = command.lines().findFirst().orElse("");
        if (worker.current()) {
            throw new ArgusException(
                    ErrorCode.INTERNAL,
                    "HAProxy refused '" + verb + "': "
                            + answer.lines().findFirst().orElse("") + ".");
        }
        log.debug("the old worker {} of HAProxy refused '{}': {}", worker.pid(), verb, answer);
    }
}
