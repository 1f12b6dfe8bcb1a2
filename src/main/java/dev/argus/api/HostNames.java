package dev.argus.api;

import dev.argus.tls.ServerCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The names by which Argus is reached: every address, {@code localhost}, the name of the machine, those in the certificate, and those that are configured.
 * A stranger can have a name of his own lead to this machine, but none of these. To be used on one event loop.
 */
final class HostNames {
    private static final Logger log = LoggerFactory.getLogger(HostNames.class);
    private static final Path NAME_OF_THE_MACHINE = Path.of("/proc/sys/kernel/hostname");
    private static final String LOCAL = "localhost";

    private final Set<String> names;
    private List<String> certified = List.of();

    HostNames(Set<String> names) {
        this.names = Set.copyOf(names);
    }

    /** Reads a file and asks no resolver, which may be slow or lie. */
    static HostNames ofThisMachine(String host, List<String> configured) {
        var names = new HashSet<>(configured);
        names.add(plain(host));
        try {
            names.add(plain(Files.readString(NAME_OF_THE_MACHINE).strip()));
        } catch (IOException e) {
            log.warn(
                    "the name of this machine cannot be read ({}), so that the dashboard is not reached by it",
                    e.toString());
        }
        return new HostNames(names);
    }

    /** From now on those in {@code certificate} count too, in place of those in the one before. */
    void certificate(ServerCertificate certificate) {
        certified = certificate.names();
    }

    /** Whether {@code host}, without a port and without brackets, is this server. */
    boolean contains(String host) {
        String name = plain(host);
        return isAddress(name)
                || name.equals(LOCAL)
                || name.endsWith("." + LOCAL)
                || names.contains(name)
                || certified.contains(name)
                || certified.contains("*" + name.substring(Math.max(0, name.indexOf('.'))));
    }

    private static String plain(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    private static boolean isAddress(String text) {
        try {
            InetAddress.ofLiteral(text);
            return true;
        } catch (IllegalArgumentException aName) {
            return false;
        }
    }
}
