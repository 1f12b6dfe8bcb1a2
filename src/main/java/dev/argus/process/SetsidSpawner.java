package dev.argus.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * By the JDK and the command {@code setsid}, where the C library is too old for {@link PosixSpawner}. {@code setsid} keeps the pid. The JDK has a
 * thread for each child and reaps it, and signals that Argus itself was started to ignore stay ignored.
 */
final class SetsidSpawner implements Spawner {

    @Override
    public Spawned spawn(
            List<String> argv,
            Map<String, String> environment,
            Path directory,
            Path log,
            Optional<ShimChannel> channel) {
        var command = new ArrayList<String>(argv.size() + 1);
        command.add("setsid");
        command.addAll(argv);
        var builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            LogFile.createFor(log);
            long pid = builder.start().pid();
            // The JDK may have reaped it before we look: an identity that no process has says just that.
            return new Spawned(
                    ProcessStat.of(pid)
                            .map(ProcessIdentity::of)
                            .orElseGet(() -> new ProcessIdentity(pid, -1, ProcessIdentity.currentBoot())),
                    false);
        } catch (IOException e) {
            throw new LaunchException(
                    argv.getFirst() + " could not be started in " + directory + ": " + e.getMessage(), e);
        }
    }

    @Override
    public boolean passesChannel() {
        return false;
    }
}
