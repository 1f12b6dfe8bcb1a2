package dev.argus.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Takes bytes off the beginning of a log, to whose end a service goes on appending. */
enum LogCutter {
    /** Has the file system take out whole blocks. What is appended meanwhile stays; ext4 and XFS can. */
    COLLAPSE {
        @Override
        long cuttable(long size, long most) {
            // the last block cannot be taken out, not even when it is full
            return Math.max(0, Math.min(most, size - 1)) / BLOCK * BLOCK;
        }

        @Override
        void cut(Path file, long bytes) throws IOException {
            Libc.collapse(file.toString(), bytes, !isDescriptor(file));
        }

        @Override
        int farBehind() {
            return 4;
        }
    },

    /** Empties the file. What was appended since it was copied is lost; every file system can. */
    TRUNCATE {
        @Override
        long cuttable(long size, long most) {
            return size;
        }

        @Override
        void cut(Path file, long bytes) throws IOException {
            OpenOption[] options = isDescriptor(file)
                    ? new OpenOption[] {StandardOpenOption.WRITE}
                    : new OpenOption[] {StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS};
            try (FileChannel channel = FileChannel.open(file, options)) {
                channel.truncate(0);
            }
        }

        @Override
        int farBehind() {
            return 2;
        }
    };

    /** A multiple of the blocks of every file system that is usual. */
    private static final long BLOCK = 64 * 1024;

    /** At how many times the size of a file a log is too far behind to keep all of it. */
    abstract int farBehind();

    /** Those in {@code /proc} look like symbolic links. */
    private static boolean isDescriptor(Path file) {
        return file.startsWith("/proc");
    }

    /** Which bytes of a file of that size it would take off: so many from its beginning, at most {@code most} if it can choose. */
    abstract long cuttable(long size, long most);

    /**
     * Takes off what {@link #cuttable} said. The path is that of a regular file, or of a descriptor in {@code /proc}.
     *
     * @throws IOException when the file system cannot, or there is no such file
     */
    abstract void cut(Path file, long bytes) throws IOException;
}
