package dev.argus.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.StringTokenizer;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who listens on which TCP port of this machine, by the sockets that processes hold open. */
public final class ListeningPorts {
    private static final Logger log = LoggerFactory.getLogger(ListeningPorts.class);

    private static final Path PROC = Path.of("/proc");
    private static final String LISTEN = "0A";
    /** Older kernels tell of who is about to be connected together with the listener. */
    private static final String ASKING = "03";

    private static final int FIELDS = 10;

    private ListeningPorts() {}

    /**
     * A process that listens on a port.
     *
     * @param command its name and arguments, made safe to print, at most 200 characters
     */
    public record Holder(long pid, String command) {

        /** The instance to which it belongs by its environment; empty for a process that no Argus has started. */
        public Optional<String> instance() {
            return Cookie.of(pid);
        }
    }

    /** Whether anybody listens on this port, also one whose processes Argus may not look into. */
    public static boolean isTaken(int port) {
        return listening().containsValue(port);
    }

    /** The ports on which these processes listen, IPv4 and IPv6, any address. */
    public static SortedSet<Integer> of(Collection<ProcessIdentity> processes) {
        Map<Long, Integer> portOfSocket = listening();
        var ports = new TreeSet<Integer>();
        if (!portOfSocket.isEmpty()) {
            processes.stream()
                    .filter(ProcessIdentity::isAlive)
                    .flatMap(process -> sockets(process.pid()).stream())
                    .map(portOfSocket::get)
                    .filter(port -> port != null)
                    .forEach(ports::add);
        }
        return ports;
    }

    /** Whoever listens on this port; empty when nobody does, or a process that Argus may not look into. */
    public static Optional<Holder> holderOf(int port) {
        Set<Long> sockets = listening().entrySet().stream()
                .filter(entry -> entry.getValue() == port)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        return sockets.isEmpty() ? Optional.empty() : holder(sockets);
    }

    private static Optional<Holder> holder(Set<Long> wanted) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path directory : all) {
                long pid = Long.parseLong(directory.getFileName().toString());
                if (sockets(pid).stream().anyMatch(wanted::contains)) {
                    return Optional.of(new Holder(pid, command(pid)));
                }
            }
            return Optional.empty();
        } catch (IOException | DirectoryIteratorException e) {
            throw new ProcessException("The list of processes cannot be read (" + e.getMessage() + ").", e);
        }
    }

    private static Map<Long, Integer> listening() {
        var ports = new HashMap<Long, Integer>();
        for (String table : List.of("net/tcp", "net/tcp6")) {
            try (BufferedReader lines = Files.newBufferedReader(PROC.resolve(table), StandardCharsets.ISO_8859_1)) {
                ports.putAll(parse(lines));
            } catch (NoSuchFileException _) {
                // a machine without IPv6 has no tcp6, and nothing listens there
                log.trace("There is no /proc/{}.", table);
            } catch (IOException e) {
                throw new ProcessException("The table of sockets /proc/" + table + " cannot be read.", e);
            }
        }
        return ports;
    }

    /**
     * The listening sockets of a {@code /proc/net/tcp}: inode to port. The kernel tells of those that listen first (net/ipv4/tcp_ipv4.c, tcp_seq_start), so
     * the connections, of which a busy host has tens of thousands, need not be read.
     */
    static Map<Long, Integer> parse(BufferedReader table) throws IOException {
        var ports = new HashMap<Long, Integer>();
        table.readLine();
        for (String line = table.readLine(); line != null; line = table.readLine()) {
            List<String> fields = fields(line);
            if (fields.size() < FIELDS) {
                continue;
            }
            String state = fields.get(3);
            if (state.equals(LISTEN)) {
                String local = fields.get(1);
                ports.put(
                        Long.parseLong(fields.get(9)),
                        Integer.parseInt(local.substring(local.lastIndexOf(':') + 1), 16));
            } else if (!state.equals(ASKING)) {
                break;
            }
        }
        return ports;
    }

    private static List<String> fields(String line) {
        var words = new StringTokenizer(line);
        var fields = new ArrayList<String>(FIELDS);
        while (words.hasMoreTokens() && fields.size() < FIELDS) {
            fields.add(words.nextToken());
        }
        return fields;
    }

    private static Set<Long> sockets(long pid) {
        var sockets = new HashSet<Long>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(PROC.resolve(pid + "/fd"))) {
            for (Path descriptor : descriptors) {
                socket(descriptor).ifPresent(sockets::add);
            }
        } catch (IOException | DirectoryIteratorException _) {
            // gone, or not ours to look into: then it holds nothing that we could know of
            return sockets;
        }
        return sockets;
    }

    private static Optional<Long> socket(Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith("socket:[")
                    ? Optional.of(Long.parseLong(target.substring(8, target.length() - 1)))
                    : Optional.empty();
        } catch (IOException _) {
            // closed since the directory was read
            return Optional.empty();
        }
    }

    /** What it was started as, made safe to print, at most 200 characters. */
    static String command(long pid) {
        try {
            String text = ProcessStat.text(PROC.resolve(pid + "/cmdline"))
                    .replace('\0', ' ')
                    .trim();
            String shown = text.isEmpty()
                    ? ProcessStat.of(pid).map(ProcessStat::command).orElse("?")
                    : text;
            return shown.substring(0, Math.min(200, shown.length())).replaceAll("\\p{Cntrl}", "?");
        } catch (IOException _) {
            // gone in between; its pid is still worth telling
            return "?";
        }
    }
}
