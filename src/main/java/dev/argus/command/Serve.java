package dev.argus.command;

import dev.argus.Argus;
import dev.argus.config.ServerConfig;
import dev.argus.log.Logging;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the server until it is told to end, and leaves the services running. */
@Command(name = "serve", mixinStandardHelpOptions = true, description = "Runs the server.")
public final class Serve implements Callable<Integer> {
    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    @Option(names = "--host", paramLabel = "ADDR", description = "The address to listen on.")
    private @Nullable String host;

    @Option(names = "--port", paramLabel = "N", description = "The port to listen on; 0 for any free one.")
    private @Nullable Integer port;

    @Option(names = "--stop-services", description = "Stops the services too when the server ends.")
    private boolean stopServices;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        ServerConfig configured = options.load();
        ServerConfig config =
                configured.listening(host == null ? configured.host() : host, port == null ? configured.port() : port);
        Logging.apply(config.log());
        Argus argus = Argus.start(config);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(argus), "shutdown"));
        var out = spec.commandLine().getOut();
        out.println("ready " + config.scheme() + "://" + bracketed(config.host()) + ":" + argus.port());
        out.flush();
        new CountDownLatch(1).await();
        return 0;
    }

    /** Ends with status 0: being told to end is no failure, and the JVM would say 143. */
    private void end(Argus argus) {
        Logger log = LoggerFactory.getLogger(Serve.class);
        int status = 0;
        try {
            if (stopServices) {
                argus.stopServices();
            }
            argus.close();
        } catch (RuntimeException e) {
            log.error("Argus did not end well", e);
            status = 1;
        }
        Runtime.getRuntime().halt(status);
    }

    private static String bracketed(String host) {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }
}
