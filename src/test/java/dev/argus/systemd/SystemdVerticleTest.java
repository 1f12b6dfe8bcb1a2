package dev.argus.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.argus.bus.Bus;
import dev.argus.instance.InstanceCommand;
import dev.argus.store.StoreCommand;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SystemdVerticleTest {
    private static final Duration WATCHDOG = Duration.ofMillis(150);

    private final String address = "@argus-test-" + UUID.randomUUID();
    private final CountDownLatch free = new CountDownLatch(1);
    private Notifications systemd;
    private Vertx vertx;
    private Bus bus;
    private volatile Future<?> store = Future.succeededFuture(List.of());

    @BeforeEach
    void begin() throws Throwable {
        systemd = new Notifications(address);
        vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
        bus = Bus.install(vertx);
        bus.<StoreCommand<?>>serve(StoreCommand.ADDRESS, command -> store);
        bus.<InstanceCommand<?>>serve(InstanceCommand.ADDRESS, command -> Future.succeededFuture(List.of()));
    }

    @AfterEach
    void end() throws Exception {
        free.countDown();
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        systemd.close();
    }

    private String deploy() throws Exception {
        return vertx.deployVerticle(new SystemdVerticle(bus, new Systemd(address, Optional.of(WATCHDOG))))
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    private long signs() {
        return systemd.received().stream()
                .filter(each -> each.startsWith("WATCHDOG=1\nSTATUS="))
                .count();
    }

    @Test
    void itSaysThatItIsReadyThenThatItIsAliveAndAtLastThatItStops() throws Exception {
        String id = deploy();
        assertThat(systemd.received().getFirst()).isEqualTo("READY=1\nSTATUS=ready");
        await().atMost(Duration.ofSeconds(30)).until(() -> signs() >= 3);
        vertx.undeploy(id).toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        assertThat(systemd.received().getLast()).startsWith("STOPPING=1\n");
    }

    @Test
    void withEitherEventLoopStuckItGivesNoSignOfLife() throws Exception {
        deploy();
        await().atMost(Duration.ofSeconds(30)).until(() -> signs() >= 1);
        // the verticle may be on it: then not even its timer runs, which is the same to systemd
        EventExecutor loop =
                ((VertxInternal) vertx).nettyEventLoopGroup().iterator().next();
        var stuck = new CountDownLatch(1);
        loop.execute(() -> {
            stuck.countDown();
            try {
                free.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        stuck.await();
        saysNothingMore();
        free.countDown();
        comesBack();
    }

    @Test
    void withTheStoreStuckItGivesNoSignOfLife() throws Exception {
        deploy();
        await().atMost(Duration.ofSeconds(30)).until(() -> signs() >= 1);
        store = Future.failedFuture("the disk is gone");
        saysNothingMore();
        store = Future.succeededFuture(List.of());
        comesBack();
    }

    @Test
    void anAddressThatIsNoneKeepsNobodyFromRunning() throws Exception {
        String id = vertx.deployVerticle(new SystemdVerticle(bus, new Systemd("nonsense", Optional.empty())))
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        vertx.undeploy(id).toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        assertThat(systemd.received()).isEmpty();
    }

    private void saysNothingMore() {
        // one that was under way may still come
        await().pollDelay(WATCHDOG).atMost(Duration.ofSeconds(30)).until(() -> true);
        long before = signs();
        await().pollDelay(WATCHDOG.multipliedBy(3))
                .atMost(Duration.ofSeconds(30))
                .until(() -> true);
        assertThat(signs()).isEqualTo(before);
    }

    private void comesBack() {
        long before = signs();
        await().atMost(Duration.ofSeconds(30)).until(() -> signs() > before);
    }
}
