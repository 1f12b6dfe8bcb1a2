package dev.argus.deploy.build;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * All processes of one session: what a build has started, also after its first process has ended. As long as one of them lives, the
 * kernel gives the number to no other process.
 */
record Session(long id) {
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Asks all of them to end, and after a second ends them: whoever cancels has waited for two at most. */
    void end() throws IOException {
        long start = System.nanoTime();
        for (ProcessHandle process : processes()) {
            process.destroy();
        }
        for (List<ProcessHandle> left = processes(); !left.isEmpty(); left = processes()) {
            long waited = System.nanoTime() - start;
            if (waited > PATIENCE.toNanos()) {
                throw new IOException(
                        "processes " + left.stream().map(ProcessHandle::pid).toList() + " do not end");
            }
            if (waited > GRACE.toNanos()) {
                left.forEach(ProcessHandle::destroyForcibly);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private List<ProcessHandle> processes() throws IOException {
        var found = new ArrayList<ProcessHandle>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (isMember(process)) {
                    long pid = Long.parseLong(String.valueOf(process.getFileName()));
                    ProcessHandle.of(pid).ifPresent(found::add);
                }
            }
        }
        return found;
    }

    /** After the name in parentheses come state, parent, group, session. */
    private boolean isMember(Path process) {
        String stat;
        try {
            stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // It has ended since it was listed.
            return false;
        }
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 5);
        return !fields[0].equals("Z") && fields[3].equals(Long.toString(id));
    }
}
