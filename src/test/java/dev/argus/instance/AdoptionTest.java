package dev.argus.instance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argus.bus.ArgusException;
import dev.argus.bus.Bus;
import dev.argus.bus.Done;
import dev.argus.bus.ErrorCode;
import dev.argus.control.ProcessCommand;
import dev.argus.probe.ProbeCommand;
import dev.argus.service.CatalogCommand;
import dev.argus.service.CommandLine;
import dev.argus.service.ProbeSettings;
import dev.argus.service.Resources;
import dev.argus.service.RunPlan;
import dev.argus.service.RunPlanCodec;
import dev.argus.store.Row;
import dev.argus.store.StoreCommand;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whether a recorded instance runs on is seen by looking; that it could not be looked at says nothing. */
class AdoptionTest {
    private static final RunPlan PLAN = new RunPlan(
            "request",
            List.of(),
            CommandLine.parse("start", "./app"),
            List.of(),
            false,
            null,
            null,
            1,
            ProbeSettings.DEFAULT,
            Map.of(),
            Resources.NONE,
            List.of(),
            List.of(),
            Duration.ofSeconds(1),
            Map.of());
    private static final Row RUNS = new Row(Map.of(
            "id",
            "web-1-a",
            "service",
            "web",
            "release",
            1L,
            "plan",
            RunPlanCodec.encode(PLAN).encode(),
            "port",
            20_000L,
            "restarts",
            4L,
            "attempt",
            0L,
            "restart_memory",
            "{}",
            "desired",
            "running",
            "live_release",
            1L));

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = Bus.install(vertx);
    private final Queue<ArgusException> answers = new ConcurrentLinkedQueue<>();
    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicInteger launches = new AtomicInteger();

    AdoptionTest() {
        bus.<StoreCommand<?>>serve(
                StoreCommand.ADDRESS,
                command -> Future.succeededFuture(command instanceof StoreCommand.Read ? List.of(RUNS) : 1));
        bus.<CatalogCommand<?>>serve(CatalogCommand.ADDRESS, command -> Future.succeededFuture(Map.of()));
        bus.<ProbeCommand<?>>serve(ProbeCommand.ADDRESS, command -> Future.succeededFuture(Done.DONE));
        bus.<ProcessCommand<?>>serve(ProcessCommand.ADDRESS, this::process);
    }

    private Future<?> process(ProcessCommand<?> command) {
        if (command instanceof ProcessCommand.Launch) {
            launches.incrementAndGet();
        }
        if (!(command instanceof ProcessCommand.Adopt)) {
            return Future.succeededFuture(Done.DONE);
        }
        looks.incrementAndGet();
        ArgusException failure = answers.poll();
        return failure == null ? Future.succeededFuture(new ProcessCommand.Adopted(77L)) : Future.failedFuture(failure);
    }

    @AfterEach
    void close() {
        done(vertx.close());
    }

    private static <T> T done(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    private Instance taken() {
        done(vertx.deployVerticle(new InstanceVerticle(bus, Clock.systemUTC(), new Random(1), () -> true)));
        return done(bus.request(new InstanceCommand.ListInstances("web"))).getFirst();
    }

    @Test
    void whatCouldNotBeLookedAtIsLookedAtAgainAndNotStartedBesideItself() {
        answers.add(new ArgusException(ErrorCode.UNAVAILABLE, "The record cannot be read."));
        answers.add(new ArgusException(ErrorCode.INTERNAL, "Adopt failed."));

        Instance taken = taken();

        assertThat(taken.state()).isEqualTo(InstanceState.RUNNING);
        assertThat(taken.pid()).isEqualTo(77);
        assertThat(taken.restarts()).isEqualTo(4);
        assertThat(looks).hasValue(3);
        assertThat(launches).hasValue(0);
    }

    @Test
    void whatIsGoneIsStartedAgainAtOnce() {
        answers.add(ArgusException.conflict("was gone when Argus came back"));

        Instance taken = taken();

        assertThat(taken.state()).isIn(InstanceState.STARTING, InstanceState.RUNNING);
        assertThat(taken.restarts()).isEqualTo(5);
        assertThat(looks).hasValue(1);
    }
}
