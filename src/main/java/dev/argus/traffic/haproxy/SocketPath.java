package dev.argus.traffic.haproxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A path to a socket that the kernel accepts: where the directory is too deep, through a link in a private temporary directory. HAProxy itself
 * knows the socket by its bare name.
 */
final class SocketPath implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SocketPath.class);

    private final Path path;
    private final @Nullable Path link;

    private SocketPath(Path path, @Nullable Path link) {
        this.path = path;
        this.link = link;
    }

    static SocketPath of(Path socket) {
        if (fits(socket)) {
            return new SocketPath(socket, null);
        }
        try {
            Path link = Files.createTempDirectory("argus").resolve("d");
            Files.createSymbolicLink(link, socket.toAbsolutePath().getParent());
            return new SocketPath(link.resolve(socket.getFileName()), link);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "No link to " + socket + " could be made for sockets; use a shorter dataDir.", e);
        }
    }

    private static boolean fits(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length <= RuntimeSocket.LONGEST_PATH;
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        if (link != null) {
            try {
                Files.deleteIfExists(link);
                Files.deleteIfExists(link.getParent());
            } catch (IOException e) {
                log.warn("The temporary link {} could not be removed: {}", link, e.getMessage());
            }
        }
    }
}
