package dev.argus.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class BusTest {
    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = Bus.install(vertx);

    @AfterEach
    void end() {
        join(vertx.close());
    }

    private record Ask(String text) implements Command<String> {
        @Override
        public String address() {
            return "test";
        }

        @Override
        public Duration deadline() {
            return Duration.ofMillis(500);
        }
    }

    private static <T> T join(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    private static ArgusException failure(Future<?> future) {
        try {
            join(future);
        } catch (CompletionException e) {
            if (e.getCause() instanceof ArgusException known) {
                return known;
            }
            throw e;
        }
        throw new AssertionError("it did not fail");
    }

    @Test
    void aCommandIsAnswered() {
        bus.<Ask>serve("test", ask -> Future.succeededFuture(ask.text() + "!"));
        assertThat(join(bus.request(new Ask("hello")))).isEqualTo("hello!");
    }

    @Test
    void aFailureTravelsWithCodeSentenceAndField() {
        bus.<Ask>serve("test", ask -> Future.failedFuture(ArgusException.invalid("ref", "No such ref.")));
        ArgusException failure = failure(bus.request(new Ask("x")));
        assertThat(failure.code()).isEqualTo(ErrorCode.INVALID);
        assertThat(failure.sentence()).isEqualTo("No such ref.");
        assertThat(failure.field()).isEqualTo("ref");
    }

    @Test
    void aSentenceThatHasSeveralLinesIsNotTakenForAField() {
        bus.<Ask>serve("test", ask -> Future.failedFuture(ArgusException.conflict("one\ntwo")));
        ArgusException failure = failure(bus.request(new Ask("x")));
        assertThat(failure.sentence()).isEqualTo("one\ntwo");
        assertThat(failure.field()).isNull();
    }

    @Test
    void aHandlerThatThrowsStillAnswersAtOnce() {
        bus.<Ask>serve("test", ask -> {
            throw ArgusException.notFound("There is none.");
        });
        assertThat(failure(bus.request(new Ask("x"))).code())
                .as("and not that nothing came in time")
                .isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void anUnknownFailureHidesWhatIsInside() {
        bus.<Ask>serve("test", ask -> {
            throw new IllegalStateException("password=s3cret");
        });
        ArgusException failure = failure(bus.request(new Ask("x")));
        assertThat(failure.code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(failure.sentence()).contains("Ask").doesNotContain("s3cret").doesNotContain("Exception");
    }

    @Test
    void aCommandThatNobodyAnswersEndsByItsDeadline() {
        bus.<Ask>serve("test", ask -> Promise.promise().future());
        ArgusException failure = failure(bus.request(new Ask("x")));
        assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(failure.sentence()).contains("Ask");
    }

    @Test
    void aCommandThatNobodyServesIsUnavailable() {
        assertThat(failure(bus.request(new Ask("x"))).code()).isEqualTo(ErrorCode.UNAVAILABLE);
    }
}
