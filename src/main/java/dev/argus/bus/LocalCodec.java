package dev.argus.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;

/**
 * Hands the same immutable record on to every receiver.
 *
 * <p>The bus is local to a node by decision (docs/decisions/0001): there is no wire form, and asking for one is a fault.
 */
final class LocalCodec implements MessageCodec<Message, Message> {
    static final String NAME = "argus-local";

    @Override
    public void encodeToWire(Buffer buffer, Message message) {
        throw new UnsupportedOperationException("the event bus of Argus is local to a node");
    }

    @Override
    public Message decodeFromWire(int position, Buffer buffer) {
        throw new UnsupportedOperationException("the event bus of Argus is local to a node");
    }

    @Override
    public Message transform(Message message) {
        return message;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
