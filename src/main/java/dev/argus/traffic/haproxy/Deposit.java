package dev.argus.traffic.haproxy;

import dev.argus.bus.ArgusException;
import dev.argus.traffic.haproxy.Configuration.Account;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The directory of HAProxy: what it reads, and what the next Argus must know. Files are replaced as a whole. Blocks; not thread-safe. */
final class Deposit {
    private static final String KEPT = "plan.json";
    private static final String CANDIDATE = "haproxy.cfg.next";
    private static final int NOBODY = 65_534;

    private final Path directory;
    private final HaproxySettings settings;
    private final Optional<Account> user;

    Deposit(Path directory, HaproxySettings settings) throws IOException {
        this.directory = directory;
        this.settings = settings;
        // who runs one elsewhere may be another user
        String access = settings.elsewhere().isPresent() ? "rwxr-xr-x" : "rwx------";
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(access)));
        user = unprivileged(settings.elsewhere()
                .map(HaproxySettings.Elsewhere::masterSocket)
                .filter(Files::exists)
                .orElse(Path.of("/proc/self")));
    }

    /** A name of this directory that no other one of the machine has. */
    static String node(Path directory) {
        return digest(directory.toString()).substring(0, 12);
    }

    /** Stands for all that only a reload can change. */
    String structure(int port, Plan plan) {
        var bare = new Plan(plan.backends(), plan.slots(), List.of(), new TreeMap<>());
        return digest(files(port, bare).toString());
    }

    private Map<String, String> files(int port, Plan plan) {
        return Configuration.files(settings, directory, port, node(directory), user, plan);
    }

    Optional<Kept> kept() throws IOException {
        Path file = directory.resolve(KEPT);
        return Files.exists(file) ? Kept.decode(Files.readString(file)) : Optional.empty();
    }

    /** Keeps what is so from now on, for the next Argus and for the next start of HAProxy. */
    void keep(int port, Plan plan) throws IOException {
        replace(KEPT, new Kept(structure(port, plan), settings.host(), port, plan).encode());
        routes(plan);
        if (settings.elsewhere().isPresent()) {
            // it may be started again while Argus is not there, and is to know the instances of now
            replace(Configuration.MAIN, files(port, plan).getOrDefault(Configuration.MAIN, ""));
        }
    }

    /** Writes the map alone, which HAProxy reads when it starts. */
    void routes(Plan plan) throws IOException {
        replace(Configuration.ROUTES, Configuration.routes(plan));
    }

    /**
     * Lays the configuration ready, if HAProxy accepts it.
     *
     * @throws ArgusException in its words if it does not; then nothing but the map has changed
     */
    void lay(Program program, int port, Plan plan) throws IOException {
        routes(plan);
        for (Map.Entry<String, String> file : files(port, plan).entrySet()) {
            replace(file.getKey().equals(Configuration.MAIN) ? CANDIDATE : file.getKey(), file.getValue());
        }
        program.check(directory, CANDIDATE);
        Files.move(
                directory.resolve(CANDIDATE),
                directory.resolve(Configuration.MAIN),
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.ATOMIC_MOVE);
    }

    private void replace(String name, String text) throws IOException {
        Path next = directory.resolve(name + ".tmp");
        Files.writeString(next, text);
        Files.move(next, directory.resolve(name), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Where it is started by root, HAProxy's own user where the package made one; else the worker stays what its master is.
     *
     * @param starter a file of whoever starts it
     */
    private static Optional<Account> unprivileged(Path starter) throws IOException {
        if (!Integer.valueOf(0).equals(Files.getAttribute(starter, "unix:uid"))) {
            return Optional.empty();
        }
        return Files.readAllLines(Path.of("/etc/passwd"), StandardCharsets.ISO_8859_1).stream()
                .map(line -> line.split(":", -1))
                .filter(fields -> fields.length > 3 && fields[0].equals("haproxy"))
                .filter(fields -> fields[2].matches("\\d{1,9}") && fields[3].matches("\\d{1,9}"))
                .map(fields -> new Account(Integer.parseInt(fields[2]), Integer.parseInt(fields[3])))
                .findFirst()
                .or(() -> Optional.of(new Account(NOBODY, NOBODY)));
    }

    private static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
