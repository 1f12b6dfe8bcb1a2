package dev.argus.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * {@code run/INSTANCE/}: what a later Argus needs to know its service again. {@code shim} holds the identity of the shim (written by Argus),
 * {@code pid} the kernel's line about the service (written by the shim's child just before it becomes the service), {@code exit} the status
 * (written by the shim). Each is one line with its end: a line without end was torn and does not count.
 *
 * <p>Not forced to the disk: after a power loss none of these processes lives.
 */
public final class RunDirectory {
    private final Path path;

    /** The last part of {@code path} is the id of the instance. */
    public RunDirectory(Path path) {
        this.path = path.toAbsolutePath().normalize();
    }

    /** Where it is; absolute. */
    public Path path() {
        return path;
    }

    /** The id of the instance, which its processes carry as {@code ARGUS_INSTANCE}. */
    public String instance() {
        return String.valueOf(path.getFileName());
    }

    /** Makes the directory for its owner alone, and forgets what an earlier launch left in it. */
    void prepare() throws IOException {
        if (Files.notExists(path)) {
            Files.createDirectories(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        clear();
    }

    /** Removes the directory with its records; what else was put there stays and is an error. */
    public void delete() throws IOException {
        clear();
        Files.deleteIfExists(path);
    }

    private void clear() throws IOException {
        Files.deleteIfExists(path.resolve("exit"));
        Files.deleteIfExists(path.resolve("pid"));
        Files.deleteIfExists(path.resolve("shim"));
    }

    void recordShim(ProcessIdentity shim) throws IOException {
        Files.writeString(path.resolve("shim"), shim.line(), StandardCharsets.US_ASCII);
    }

    /** The shim of the last launch, alive or not. */
    public Optional<ProcessIdentity> shim() {
        return line("shim").flatMap(ProcessIdentity::parse);
    }

    /** The service of the last launch, alive or not; empty until the shim has started it. */
    public Optional<ProcessIdentity> service() {
        Optional<ProcessIdentity> shim = shim();
        if (shim.isPresent()) {
            return service(shim.get().bootId());
        }
        // Argus died between starting the shim and recording it: then only the cookie proves that the pid is not from
        // before a reboot.
        return service(ProcessIdentity.currentBoot())
                .filter(service -> instance().equals(Cookie.of(service.pid()).orElse(null)));
    }

    /** The service of a launch that is known to be of this boot. */
    Optional<ProcessIdentity> service(String bootId) {
        return line("pid")
                .flatMap(ProcessStat::parse)
                .map(stat -> new ProcessIdentity(stat.pid(), stat.startTicks(), bootId));
    }

    /** How the last launch ended, where the shim recorded it. */
    public Optional<Exit> exit() {
        return line("exit").map(String::trim).flatMap(text -> {
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
        Optional<ProcessIdentity> shim = shim().filter(ProcessIdentity::isAlive);
        Optional<ProcessIdentity> service = service().filter(ProcessIdentity::isAlive);
        // Asked last: a shim that lived a moment ago may have written it since.
        Optional<Exit> exit = exit();
        if (exit.isPresent()) {
            return new Adopted.Exited(exit.get());
        }
        return shim.isPresent() || service.isPresent() ? new Adopted.Running(this, shim, service) : new Adopted.Gone();
    }

    private Optional<String> line(String file) {
        try {
            return Optional.of(ProcessStat.text(path.resolve(file))).filter(text -> text.endsWith("\n"));
        } catch (NoSuchFileException _) {
            // not recorded (yet), which is what empty says
            return Optional.empty();
        } catch (IOException e) {
            throw new ProcessException(
                    "The record " + path.resolve(file) + " cannot be read (" + e.getMessage()
                            + "); check the rights of the data directory.",
                    e);
        }
    }
}
