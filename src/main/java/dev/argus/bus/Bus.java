package dev.argus.bus;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The typed event bus: commands go to the one verticle that serves their address, events go to everybody.
 *
 * <p>Failures travel as an {@link ErrorCode} and a sentence. A handler that throws still answers, because a caller that
 * gets no answer would wait out its whole deadline.
 */
public final class Bus {
    private static final Logger log = LoggerFactory.getLogger(Bus.class);
    private static final String EVENTS = "argus.events";

    private final EventBus eventBus;

    private Bus(EventBus eventBus) {
        this.eventBus = eventBus;
    }

    /** The bus of {@code vertx}; to be called once, before any verticle is deployed. */
    public static Bus install(Vertx vertx) {
        vertx.eventBus().registerCodec(new LocalCodec());
        vertx.eventBus().codecSelector(body -> body instanceof Message ? LocalCodec.NAME : null);
        return new Bus(vertx.eventBus());
    }

    /** Sends {@code command} to its owner; fails with {@link ArgusException} only. */
    @SuppressWarnings("unchecked")
    public <R> Future<R> request(Command<R> command) {
        var options = new DeliveryOptions()
                .setLocalOnly(true)
                .setSendTimeout(command.deadline().toMillis());
        return eventBus.<Envelope>request(command.address(), command, options)
                .map(reply -> (R) reply.body().content())
                .recover(failure -> Future.failedFuture(translate(command, failure)));
    }

    /** Makes the calling verticle the owner of {@code address}; {@code handler} runs on the verticle's context. */
    public <C extends Command<?>> MessageConsumer<C> serve(String address, Function<C, Future<?>> handler) {
        return eventBus.localConsumer(address, message -> {
            Future<?> answer;
            try {
                answer = handler.apply(message.body());
            } catch (RuntimeException e) {
                answer = Future.failedFuture(e);
            }
            answer.onSuccess(content -> message.reply(new Envelope(content == null ? Done.DONE : content)))
                    .onFailure(failure -> {
                        if (failure instanceof ArgusException known) {
                            message.fail(known.code().number(), encode(known));
                        } else {
                            String what = message.body().getClass().getSimpleName();
                            log.error("{} failed", what, failure);
                            message.fail(
                                    ErrorCode.INTERNAL.number(),
                                    '\n' + what + " failed inside Argus; its log has the details.");
                        }
                    });
        });
    }

    /** Tells everybody that {@code event} has happened. */
    public void publish(Event event) {
        eventBus.publish(EVENTS, event, new DeliveryOptions().setLocalOnly(true));
    }

    /** Calls {@code handler} on the calling verticle's context for every event from now on. */
    public MessageConsumer<Event> subscribe(Consumer<Event> handler) {
        return eventBus.localConsumer(EVENTS, message -> handler.accept(message.body()));
    }

    private static ArgusException translate(Command<?> command, Throwable failure) {
        if (failure instanceof ArgusException known) {
            return known;
        }
        if (failure instanceof ReplyException reply && reply.failureType() == ReplyFailure.RECIPIENT_FAILURE) {
            return decode(reply);
        }
        String what = command.getClass().getSimpleName();
        if (failure instanceof ReplyException reply && reply.failureType() == ReplyFailure.TIMEOUT) {
            return new ArgusException(
                    ErrorCode.UNAVAILABLE,
                    "Argus did not finish " + what + " within "
                            + command.deadline().toSeconds() + " s; try again.");
        }
        return new ArgusException(
                ErrorCode.UNAVAILABLE, "Argus is starting or stopping and cannot do " + what + "; try again.");
    }

    /** The field comes first, because it has one line and a sentence may quote several. */
    private static String encode(ArgusException failure) {
        return (failure.field() == null ? "" : failure.field()) + '\n' + failure.sentence();
    }

    private static ArgusException decode(ReplyException reply) {
        String text = String.valueOf(reply.getMessage());
        int end = text.indexOf('\n');
        ErrorCode code = ErrorCode.of(reply.failureCode());
        return end <= 0
                ? new ArgusException(code, text.substring(end + 1))
                : new ArgusException(code, text.substring(end + 1), text.substring(0, end));
    }
}
