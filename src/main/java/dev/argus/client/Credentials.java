package dev.argus.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tokens that {@code login} stored, one for each server, readable by their owner alone. */
final class Credentials {
    private final Path file;

    Credentials(Surroundings surroundings) {
        file = surroundings.home().resolve("credentials.json");
    }

    Path file() {
        return file;
    }

    /**
     * The token for a server, null if there is none.
     *
     * @throws ClientFailure if the file is there and cannot be read
     */
    @Nullable
    String token(Server server) {
        return stored().at("servers").at(server.url()).text("token");
    }

    private Json stored() {
        try {
            return Json.read(Files.readString(file));
        } catch (NoSuchFileException e) {
            return Json.nothing();
        } catch (IOException e) {
            throw ClientFailure.failed(file + " cannot be read: remove it and sign in again (argus-client login).");
        }
    }

    /**
     * Stores a token in place of the one before.
     *
     * @throws ClientFailure if the file cannot be written; the old one is unharmed then
     */
    void store(Server server, String token, @Nullable String expiresAt) {
        Map<String, @Nullable Object> servers = new LinkedHashMap<>();
        Json old = stored().at("servers");
        for (String url : old.keys()) {
            servers.put(url, old.at(url).plain());
        }
        Map<String, @Nullable Object> entry = new LinkedHashMap<>();
        entry.put("token", token);
        entry.put("expiresAt", expiresAt);
        servers.put(server.url(), entry);
        try {
            write(Json.write(Map.of("servers", servers)) + "\n");
        } catch (IOException e) {
            throw ClientFailure.failed("The token cannot be stored in " + file + " ("
                    + Text.line(String.valueOf(e.getMessage())) + "): make the directory writable.");
        }
    }

    private void write(String text) throws IOException {
        Path directory = file.getParent();
        if (directory == null) {
            throw new IOException("it has no directory");
        }
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path next =
                directory.resolve("credentials.json." + ProcessHandle.current().pid());
        Files.deleteIfExists(next);
        try {
            try (FileChannel channel = FileChannel.open(
                    next,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(next);
        }
    }
}
