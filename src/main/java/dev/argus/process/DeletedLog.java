package dev.argus.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A log that was deleted while its service runs: the service goes on writing into a file without a name, which nobody could read and which
 * would fill the disk. What comes there is brought into a new file under the old name.
 */
final class DeletedLog {
    private static final int BLOCK = 64 * 1024;
    private static final String GONE = " (deleted)";

    private final InstanceLog log;
    private final Supplier<Optional<ProcessIdentity>> shim;
    private boolean wasDeleted;
    private long rescued;

    DeletedLog(InstanceLog log, Supplier<Optional<ProcessIdentity>> shim) {
        this.log = log;
        this.shim = shim;
    }

    /**
     * Looks whether the log is missing and brings what there is to its place.
     *
     * @param first whether nobody has looked before: what was brought until then is not known then
     * @throws IOException also when something that is not to be touched lies in its place
     */
    void rescue(LogCutter cutter, boolean first) throws IOException {
        boolean missing;
        try {
            missing = LogFile.attributes(log.path()).isEmpty();
        } catch (IOException e) {
            Optional<Path> open = deletedButOpen();
            if (open.isPresent()) {
                bound(open.get());
            }
            throw e;
        }
        if (!missing && !wasDeleted && !first) {
            return;
        }
        Optional<Path> open = deletedButOpen();
        wasDeleted = open.isPresent();
        if (open.isEmpty()) {
            rescued = 0;
            return;
        }
        try (FileChannel source = FileChannel.open(open.get(), StandardOpenOption.READ)) {
            if (first && !missing) {
                rescued = source.size();
            }
            bring(source);
        }
        if (rescued >= log.limits().fileBytes()) {
            long cut = cutter.cuttable(rescued, rescued);
            cutter.cut(open.get(), cut);
            rescued -= cut;
        }
    }

    private void bring(FileChannel source) throws IOException {
        long size = source.size();
        if (size < rescued) {
            rescued = 0;
        }
        if (size == rescued) {
            return;
        }
        LogFile.createFor(log.path());
        try (FileChannel target = FileChannel.open(
                log.path(), StandardOpenOption.WRITE, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS)) {
            long keep = 2 * log.limits().fileBytes();
            if (size - rescued > keep) {
                LogRemark.leftOut(size - rescued - keep).appendTo(target);
                rescued = size - keep;
            }
            ByteBuffer block = ByteBuffer.allocate(BLOCK);
            while (rescued < size && source.read(block.clear(), rescued) > 0) {
                rescued += block.flip().remaining();
                while (block.hasRemaining()) {
                    target.write(block);
                }
            }
        }
    }

    /** There is no place to bring it to, so it is only kept from filling the disk. */
    private void bound(Path open) throws IOException {
        if (Files.size(open) >= log.limits().fileBytes()) {
            LogCutter.TRUNCATE.cut(open, 0);
        }
    }

    /** The descriptor by which the file without a name can still be reached. */
    private Optional<Path> deletedButOpen() throws IOException {
        Optional<ProcessIdentity> process = shim.get().filter(ProcessIdentity::isAlive);
        if (process.isEmpty()) {
            return Optional.empty();
        }
        Path output = Path.of("/proc/" + process.get().pid() + "/fd/1");
        try {
            Path directory = log.path().resolveSibling("").toRealPath();
            Path name = log.path().getFileName();
            boolean deleted = Files.readSymbolicLink(output).toString().equals(directory.resolve(name) + GONE);
            return deleted ? Optional.of(output) : Optional.empty();
        } catch (NoSuchFileException | AccessDeniedException _) {
            // it ends just now, or runs as somebody else
            return Optional.empty();
        }
    }
}
