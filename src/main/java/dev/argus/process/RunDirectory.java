package dev.argus.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code run/INSTANCE/}: what a later Argus needs to know its service again. {@code shim} and {@code pid} hold the identities of the shim and of
 * the service's own process (written by Argus), {@code exit} the status (written by the shim). Each is one line with its end: a line without
 * end was torn and does not count.
 *
 * <p>Not forced to the disk: after a power loss none of these processes lives.
 */
public final class RunDirectory {
    private final Path path;
    private final Path shim;
    private final Path pid;
    private final Path exit;

    /** The last part of {@code path} is the id of the instance. */
    public RunDirectory(Path path) {
        this.path = path.toAbsolutePath().normalize();
        shim = this.path.resolve("shim");
        pid = this.path.resolve("pid");
        exit = this.path.resolve("exit");
    }

    /** Where it is; absolute. */
    public Path path() {
        return path;
    }

    /** The id of the instance, which its processes carry as {@code ARGUS_INSTANCE}. */
    public String instance() {
        return String.valueOf(path.getFileName());
    }

    /** Makes the directory, for its owner alone. */
    void make() throws IOException {
        Files.createDirectories(
                path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /** Forgets the last launch and its shim, before a new shim. */
    void clear() throws IOException {
        forgetLast();
        Files.deleteIfExists(shim);
    }

    /** Forgets how the last launch went, before the next one below the same shim. */
    void forgetLast() throws IOException {
        Files.deleteIfExists(exit);
        Files.deleteIfExists(pid);
    }

    /** Removes the directory with its records; what else was put there stays and is an error. */
    public void delete() throws IOException {
        clear();
        Files.deleteIfExists(path);
    }

    void recordShim(ProcessIdentity identity) throws IOException {
        Files.write(shim, identity.line().getBytes(StandardCharsets.US_ASCII));
    }

    void recordService(ProcessIdentity identity) throws IOException {
        Files.write(pid, identity.line().getBytes(StandardCharsets.US_ASCII));
    }

    /** The shim of the last launch, alive or not. */
    public Optional<ProcessIdentity> shim() {
        return line(shim).flatMap(ProcessIdentity::parse);
    }

    /** The service of the last launch, alive or not; empty for some milliseconds after the launch. */
    public Optional<ProcessIdentity> service() {
        return line(pid).flatMap(ProcessIdentity::parse);
    }

    /** How the last launch ended, where the shim recorded it. */
    public Optional<Exit> exit() {
        return line(exit).map(String::trim).flatMap(text -> {
            try {
                return Optional.of(Exit.ofShell(Integer.parseInt(text)));
            } catch (NumberFormatException _) {
                // not written by the shim: as good as no record
                return Optional.empty();
            }
        });
    }

    /** What became of the last launch while no Argus watched. */
    public Adopted adopt() {
        // Where Argus died between starting the shim and recording it, the cookie leads to it.
        Optional<ProcessIdentity> livingShim =
                shim().or(() -> ProcessTable.read().leader(instance())).filter(ProcessIdentity::isAlive);
        Optional<ProcessIdentity> livingService =
                service().filter(ProcessIdentity::isAlive).or(() -> livingShim.flatMap(Shim::childOf));
        // Asked last: a shim that lived a moment ago may have written it since.
        Optional<Exit> recorded = exit();
        if (recorded.isPresent()) {
            return new Adopted.Exited(recorded.get());
        }
        return livingShim.isPresent() || livingService.isPresent()
                ? new Adopted.Running(this, livingShim, livingService)
                : new Adopted.Gone();
    }

    private Optional<String> line(Path file) {
        try {
            return Optional.of(ProcessStat.text(file)).filter(text -> text.endsWith("\n"));
        } catch (NoSuchFileException _) {
            // not recorded (yet), which is what empty says
            return Optional.empty();
        } catch (IOException e) {
            throw new ProcessException(
                    "The record " + file + " cannot be read (" + e.getMessage()
                            + "); check the rights of the data directory.",
                    e);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RunDirectory run && run.path.equals(path);
    }

    @Override
    public int hashCode() {
        return path.hashCode();
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
