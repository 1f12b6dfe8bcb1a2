package dev.argus.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argus.bus.ArgusException;
import dev.argus.bus.Bus;
import dev.argus.bus.Command;
import dev.argus.bus.ErrorCode;
import dev.argus.instance.IncidentKind;
import dev.argus.instance.InstanceEvent;
import dev.argus.process.Evidence;
import dev.argus.service.CatalogCommand;
import dev.argus.service.CatalogEvent;
import dev.argus.service.Desired;
import dev.argus.service.Service;
import dev.argus.service.ServiceName;
import dev.argus.service.ServiceSpec;
import dev.argus.store.Database;
import dev.argus.store.Statement;
import dev.argus.store.StoreCommand;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real store, into which the test can put a spoke. */
class HistoryVerticleTest {
    private static final Instant NOW = Instant.parse("2026-11-23T02:20:35Z");

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = Bus.install(vertx);
    private Database database;
    private volatile boolean refuses;

    @BeforeEach
    void start() {
        database = Database.open(directory);
        bus.<StoreCommand<?>>serve(StoreCommand.ADDRESS, command -> switch (command) {
            case StoreCommand.Write _
            when refuses -> Future.failedFuture(new ArgusException(ErrorCode.UNAVAILABLE, "The disk is full."));
            case StoreCommand.Write write -> Future.succeededFuture(database.write(write.statements()));
            case StoreCommand.Read read -> Future.succeededFuture(database.read(read.query()));
            case StoreCommand.ForeignChanges _ -> Future.succeededFuture(0L);
        });
        bus.<CatalogCommand<?>>serve(CatalogCommand.ADDRESS, command -> Future.succeededFuture(List.of()));
        await(vertx.deployVerticle(new HistoryVerticle(bus, Clock.systemUTC())));
        bus.publish(new CatalogEvent.Changed(service(Map.of())));
    }

    @AfterEach
    void stop() {
        await(vertx.close());
        database.close();
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    private <T> T ask(Command<T> command) {
        return await(bus.request(command));
    }

    private static Service service(Map<String, String> env) {
        return new Service(
                ServiceName.of("web"),
                "https://example.org/web.git",
                null,
                ServiceSpec.NONE.withEnv(env),
                Desired.RUNNING,
                false,
                1,
                NOW,
                "ann",
                NOW);
    }

    private void incident(int number) {
        bus.publish(new InstanceEvent.Incident(
                "web",
                "web-1-a",
                1,
                NOW.plusSeconds(number),
                IncidentKind.CRASH,
                "exit status " + number,
                7L,
                List.of(),
                new Evidence(List.of(), List.of("panic: " + number), List.of(), List.of())));
    }

    private long rows(String table) {
        return database.read(Statement.of("SELECT count(*) AS n FROM " + table))
                .getFirst()
                .number("n");
    }

    @Test
    void onlyTheLastIncidentsAreKept() {
        for (int i = 0; i < 60; i++) {
            incident(i);
        }
        List<Incident> kept = ask(new HistoryCommand.Incidents("web"));
        assertThat(kept).hasSize(50).first().satisfies(newest -> {
            assertThat(newest.reason()).isEqualTo("exit status 59");
            assertThat(newest.lastWords()).isEqualTo("panic: 59");
        });
        assertThat(rows("incidents")).isEqualTo(50);
        assertThat(kept).extracting(Incident::id).doesNotHaveDuplicates();
    }

    @Test
    void onlyTheLastEntriesAreKept() {
        for (int i = 0; i < 1_100; i++) {
            bus.publish(new CatalogEvent.Changed(service(Map.of("N", Integer.toString(i)))));
        }
        Awaitility.await().atMost(20, TimeUnit.SECONDS).untilAsserted(() -> {
            assertThat(ask(new HistoryCommand.Timeline("web", null, 2_000))).hasSize(1_000);
            assertThat(rows("timeline")).isEqualTo(1_000);
        });
    }

    @Test
    void restartsAreCountedByTheirIndexAlone() {
        var plan = database.read(Statement.of(
                "EXPLAIN QUERY PLAN " + HistoryRecords.restarts(NOW).sql(), NOW.toEpochMilli()));

        assertThat(plan.getFirst().text("detail")).contains("COVERING INDEX timeline_restarts");
    }

    @Test
    void whatTheStoreRefusesIsWrittenLaterAndInItsOrder() {
        ask(new HistoryCommand.Incidents("web"));
        refuses = true;
        incident(1);
        incident(2);
        assertThat(ask(new HistoryCommand.Incidents("web"))).isEmpty();
        refuses = false;
        assertThat(ask(new HistoryCommand.Incidents("web")))
                .extracting(Incident::reason)
                .containsExactly("exit status 2", "exit status 1");
    }

    @Test
    void whenTheStoreRefusesForLongTheQueueDoesNotGrowWithoutEnd() {
        ask(new HistoryCommand.Incidents("web"));
        refuses = true;
        for (int i = 0; i < 5_000; i++) {
            bus.publish(new CatalogEvent.Changed(service(Map.of("N", Integer.toString(i)))));
        }
        bus.publish(new CatalogEvent.Changed(service(Map.of("LAST", "x"))));
        ask(new HistoryCommand.Incidents("web"));
        refuses = false;
        List<KeptEntry> kept = ask(new HistoryCommand.Timeline("web", null, 2_000));
        assertThat(kept).hasSize(1_000);
        assertThat(kept.getFirst().entry().text()).as("the newest were dropped").doesNotContain("LAST");
    }

    @Test
    void allOfARemovedServiceIsForgottenAndWhatComesLateIsNotKept() {
        incident(1);
        assertThat(ask(new HistoryCommand.Incidents("web"))).hasSize(1);
        bus.publish(new CatalogEvent.Removed(ServiceName.of("web")));
        incident(2);
        assertThat(ask(new HistoryCommand.Incidents("web"))).isEmpty();
        assertThat(rows("timeline")).isZero();
    }
}
