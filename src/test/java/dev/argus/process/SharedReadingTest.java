package dev.argus.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SharedReadingTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @Test
    void whoeverAsksDuringAReadingSharesTheNextOne() throws Exception {
        var begun = new AtomicInteger();
        var allowed = new Semaphore(0);
        var reading = new SharedReading<>(() -> {
            int number = begun.incrementAndGet();
            allowed.acquireUninterruptibly();
            return number;
        });
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(reading::get);
            await().atMost(SOON).until(() -> begun.get() == 1);
            var asked = new AtomicInteger();
            List<java.util.concurrent.Future<Integer>> others = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                others.add(threads.submit(() -> {
                    asked.incrementAndGet();
                    return reading.get();
                }));
            }
            await().atMost(SOON).until(() -> asked.get() == 50);
            allowed.release();
            assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo(1);
            allowed.release(50);
            for (var other : others) {
                assertThat(other.get(10, TimeUnit.SECONDS)).isGreaterThan(1);
            }
            assertThat(begun.get()).isLessThan(10);
        }
    }

    @Test
    void nobodyGetsAReadingThatBeganBeforeTheQuestion() {
        var clock = new AtomicLong();
        var reading = new SharedReading<>(clock::incrementAndGet);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Boolean>> checks = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                checks.add(CompletableFuture.supplyAsync(
                        () -> {
                            long before = clock.get();
                            return reading.get() > before;
                        },
                        threads));
            }
            assertThat(checks).allSatisfy(check -> assertThat(check.join()).isTrue());
        }
    }

    @Test
    void aReadingThatFailsIsToldAndTheNextOneIsMade() {
        var fails = new AtomicInteger(1);
        var reading = new SharedReading<>(() -> {
            if (fails.getAndDecrement() > 0) {
                throw new ProcessException("no /proc", new java.io.IOException());
            }
            return "read";
        });

        assertThatThrownBy(reading::get).isInstanceOf(ProcessException.class).hasMessage("no /proc");
        assertThat(reading.get()).isEqualTo("read");
    }
}
