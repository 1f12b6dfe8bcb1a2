package dev.argus.probe;

import dev.argus.bus.Bus;
import dev.argus.control.ProcessCommand;
import dev.argus.service.ProbeSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The prober alone, for {@code scripts/bench probes}: watches an instance on each port that it reads from its standard input, one
 * a line, as often as its argument says in milliseconds, until it is ended.
 */
final class ProbeLoad {
    private ProbeLoad() {}

    public static void main(String[] args) throws Exception {
        var settings = new ProbeSettings(
                "/isalive",
                Duration.ofMillis(Long.parseLong(args[0])),
                Duration.ofSeconds(2),
                3,
                Duration.ofSeconds(30));
        // as Argus makes it
        Vertx vertx = Vertx.builder()
                .with(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(2))
                .build();
        Bus bus = Bus.install(vertx);
        // the port is in the name of the instance
        bus.<ProcessCommand<?>>serve(
                ProcessCommand.ADDRESS,
                command -> Future.succeededFuture(
                        command instanceof ProcessCommand.OwnedPorts asked
                                ? List.of(Integer.valueOf(asked.instance().replaceAll("\\D", "")))
                                : ""));
        vertx.deployVerticle(new ProbeVerticle(bus))
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        try (var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                int port = Integer.parseInt(line);
                bus.request(new ProbeCommand.Watch("probed-" + port, 1, port, settings))
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS);
            }
        }
        System.out.println("watching");
        new CountDownLatch(1).await();
    }
}
