package dev.argus.api;

import dev.argus.Argus;
import dev.argus.config.ConfigLoader;
import dev.argus.config.ServerConfig;
import dev.argus.deploy.Checkpoint;
import dev.argus.deploy.StepName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * A server that holds deployments at a point until it is killed. Which point is said by a file beside its data directory, and it answers with
 * another when a deployment stands there.
 */
final class HeldServer {
    private static final CountDownLatch NEVER = new CountDownLatch(1);

    /** As {@code argus-server serve --config FILE}. */
    public static void main(String[] arguments) throws InterruptedException {
        ServerConfig config = ConfigLoader.load(Path.of(arguments[2]));
        Argus argus = Argus.start(config, (step, moment) -> hold(config.dataDirectory(), step, moment));
        Runtime.getRuntime().addShutdownHook(new Thread(argus::close));
        System.out.println("ready http://127.0.0.1:" + argus.port());
        NEVER.await();
    }

    private static void hold(Path dataDirectory, StepName step, Checkpoint.Moment moment) {
        try {
            Path order = order(dataDirectory);
            if (Files.exists(order) && Files.readString(order).equals(words(step, moment))) {
                Files.createFile(reached(dataDirectory));
                NEVER.await();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** From now on deployments are held there. */
    static void holdAt(Path dataDirectory, StepName step, Checkpoint.Moment moment) throws IOException {
        Files.deleteIfExists(reached(dataDirectory));
        Path written = dataDirectory.resolveSibling("hold.new");
        Files.writeString(written, words(step, moment));
        Files.move(written, order(dataDirectory));
    }

    static void holdNowhere(Path dataDirectory) throws IOException {
        Files.deleteIfExists(order(dataDirectory));
    }

    /** Exists when a deployment is held. */
    static Path reached(Path dataDirectory) {
        return dataDirectory.resolveSibling("held");
    }

    private static Path order(Path dataDirectory) {
        return dataDirectory.resolveSibling("hold");
    }

    private static String words(StepName step, Checkpoint.Moment moment) {
        return step + " " + moment;
    }

    private HeldServer() {}
}
