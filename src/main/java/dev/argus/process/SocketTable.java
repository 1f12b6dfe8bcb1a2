package dev.argus.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The TCP and UDP sockets of this machine at one moment, by their inodes. */
final class SocketTable {
    private static final Logger log = LoggerFactory.getLogger(SocketTable.class);
    private static final List<String> PROTOCOLS = List.of("tcp", "tcp6", "udp", "udp6");
    /** By the number that the kernel gives; 0 is none. */
    private static final List<String> STATES = List.of(
            "?",
            "ESTABLISHED",
            "SYN_SENT",
            "SYN_RECV",
            "FIN_WAIT1",
            "FIN_WAIT2",
            "TIME_WAIT",
            "CLOSE",
            "CLOSE_WAIT",
            "LAST_ACK",
            "LISTEN",
            "CLOSING",
            "NEW_SYN_RECV");

    private final Map<Long, Socket> sockets;

    private SocketTable(Map<Long, Socket> sockets) {
        this.sockets = sockets;
    }

    /** Reads {@code /proc/net}; of what cannot be read it has nothing. */
    static SocketTable read() {
        var sockets = new HashMap<Long, Socket>();
        for (String protocol : PROTOCOLS) {
            try {
                sockets.putAll(parse(protocol, ProcessStat.text(Path.of("/proc/net", protocol))));
            } catch (IOException e) {
                // without IPv6 there are no such tables
                log.trace("the sockets of {} cannot be read", protocol, e);
            }
        }
        return new SocketTable(sockets);
    }

    Optional<Socket> find(long inode) {
        return Optional.ofNullable(sockets.get(inode));
    }

    /** The sockets in a table such as {@code /proc/net/tcp}; lines of another form are passed over. */
    static Map<Long, Socket> parse(String protocol, String table) {
        var sockets = new HashMap<Long, Socket>();
        table.lines().skip(1).forEach(line -> {
            String[] fields = line.trim().split("\\s+", -1);
            String[] queues = fields.length > 9 ? fields[4].split(":", -1) : new String[0];
            if (queues.length == 2) {
                int state = Integer.parseInt(fields[3], 16);
                sockets.put(
                        Long.parseLong(fields[9]),
                        new Socket(
                                protocol,
                                state < STATES.size() ? STATES.get(state) : "?",
                                address(fields[1]),
                                address(fields[2]),
                                Long.parseLong(queues[1], 16),
                                Long.parseLong(queues[0], 16)));
            }
        });
        return sockets;
    }

    /** {@code 0100007F:1F90} as {@code 127.0.0.1:8080}: words of four bytes, each with its lowest byte first. */
    private static String address(String hex) {
        int colon = hex.lastIndexOf(':');
        int port = Integer.parseInt(hex.substring(colon + 1), 16);
        List<Integer> bytes = new ArrayList<>();
        for (int word = 0; word < colon; word += 8) {
            for (int i = word + 6; i >= word; i -= 2) {
                bytes.add(Integer.parseInt(hex.substring(i, i + 2), 16));
            }
        }
        return (bytes.size() == 4 ? dotted(bytes) : "[" + colons(bytes) + "]") + ":" + port;
    }

    private static String dotted(List<Integer> bytes) {
        return bytes.get(0) + "." + bytes.get(1) + "." + bytes.get(2) + "." + bytes.get(3);
    }

    private static String colons(List<Integer> bytes) {
        boolean mapped = bytes.size() == 16
                && bytes.subList(0, 10).stream().allMatch(each -> each == 0)
                && bytes.get(10) == 0xff
                && bytes.get(11) == 0xff;
        if (mapped) {
            return "::ffff:" + dotted(bytes.subList(12, 16));
        }
        if (bytes.stream().allMatch(each -> each == 0)) {
            return "::";
        }
        var text = new StringBuilder();
        for (int i = 0; i + 1 < bytes.size(); i += 2) {
            text.append(i == 0 ? "" : ":").append(Integer.toHexString(bytes.get(i) << 8 | bytes.get(i + 1)));
        }
        return text.toString();
    }
}
