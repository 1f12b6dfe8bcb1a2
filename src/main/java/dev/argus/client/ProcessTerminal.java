package dev.argus.client;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The terminal of this process. */
final class ProcessTerminal implements Terminal {
    @Override
    public boolean visible() {
        // the console of the JDK is there only if input is a terminal too, and costs more
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return false; // not Linux: plain output is right everywhere
        }
    }

    @Override
    public @Nullable String ask(String question) {
        Console console = console();
        return console == null ? null : console.readLine("%s", question);
    }

    @Override
    public @Nullable String askSecret(String question) {
        Console console = console();
        char[] secret = console == null ? null : console.readPassword("%s", question);
        return secret == null ? null : new String(secret);
    }

    /** Whether there is none is told in two ways, depending on the JDK's own choice of console. */
    @SuppressWarnings("SystemConsoleNull")
    private static @Nullable Console console() {
        Console console = System.console();
        return console == null || !console.isTerminal() ? null : console;
    }

    @Override
    public Runnable onInterrupt(Runnable action) {
        Thread hook = new Thread(action, "interrupted");
        Runtime.getRuntime().addShutdownHook(hook);
        return () -> {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // the interrupt has come already, and the action runs
            }
        };
    }
}
