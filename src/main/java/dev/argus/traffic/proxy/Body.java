package dev.argus.traffic.proxy;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Finds the end of a message's body and hands on what belongs to it, unchanged; of a chunked one the trailers stay behind. Chunks are read
 * strictly, because two readers that differ about where a body ends are two readers that differ about what the next request is.
 */
final class Body {
    private static final int LONGEST_TRAILERS = 8 * 1024;
    private static final int LONGEST_EXTENSION = 1024;
    private static final int MOST_DIGITS = 15;

    private enum State {
        ENDED,
        LENGTH,
        TO_THE_END,
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILER,
        TRAILER_LINE,
        TRAILER_LINE_LF,
        END_LF,
        BAD
    }

    private State state = State.ENDED;
    private boolean extensionsAllowed;
    private long left;
    private int seen;

    /** There is none. */
    void none() {
        state = State.ENDED;
    }

    /** It has this many bytes. */
    void length(long bytes) {
        left = bytes;
        state = bytes == 0 ? State.ENDED : State.LENGTH;
    }

    /** It lasts until its connection ends. */
    void untilTheEnd() {
        state = State.TO_THE_END;
    }

    /** It comes in chunks; those of requests may not have extensions, for which nobody has a use but attackers. */
    void chunked(boolean withExtensions) {
        extensionsAllowed = withExtensions;
        left = 0;
        seen = 0;
        state = State.SIZE;
    }

    /** Its connection has ended, and with it a body that {@link #lastsUntilTheEnd}. */
    void end() {
        state = State.ENDED;
    }

    boolean hasEnded() {
        return state == State.ENDED;
    }

    boolean isBad() {
        return state == State.BAD;
    }

    boolean lastsUntilTheEnd() {
        return state == State.TO_THE_END;
    }

    /** Whether a further chunk could begin here. */
    boolean isBetweenChunks() {
        return state == State.SIZE && seen == 0;
    }

    /** Takes the next part that goes on out of {@code in}; null when there is none, now or at all. Whoever calls releases the part. */
    @Nullable
    ByteBuf take(ByteBuf in) {
        return switch (state) {
            case ENDED, BAD -> null;
            case TO_THE_END -> in.isReadable() ? in.readRetainedSlice(in.readableBytes()) : null;
            case LENGTH -> takeLength(in);
            default -> takeChunks(in);
        };
    }

    private @Nullable ByteBuf takeLength(ByteBuf in) {
        int count = (int) Math.min(left, in.readableBytes());
        if (count == 0) {
            return null;
        }
        left -= count;
        if (left == 0) {
            state = State.ENDED;
        }
        return in.readRetainedSlice(count);
    }

    /** One stretch of whole and partial chunks, up to the trailers; then, what ends the body. */
    private @Nullable ByteBuf takeChunks(ByteBuf in) {
        while (state == State.TRAILER_LINE || state == State.TRAILER_LINE_LF || state == State.TRAILER) {
            if (!in.isReadable()) {
                return null;
            }
            if (state == State.TRAILER && in.getByte(in.readerIndex()) == '\r') {
                break;
            }
            step(in.readByte());
        }
        int from = in.readerIndex();
        int to = in.writerIndex();
        int at = from;
        while (at < to && state != State.ENDED && state != State.BAD) {
            if (state == State.DATA) {
                int count = (int) Math.min(left, to - at);
                left -= count;
                at += count;
                if (left == 0) {
                    state = State.DATA_CR;
                }
            } else if (state == State.TRAILER && in.getByte(at) != '\r') {
                break;
            } else {
                step(in.getByte(at));
                at++;
            }
        }
        if (state == State.BAD || at == from) {
            return null;
        }
        return in.readRetainedSlice(at - from);
    }

    private void step(int c) {
        state = switch (state) {
            case SIZE -> size(c);
            case EXTENSION -> extension(c);
            case SIZE_LF -> c != '\n' ? State.BAD : left == 0 ? trailers() : State.DATA;
            case DATA_CR -> c == '\r' ? State.DATA_LF : State.BAD;
            case DATA_LF -> c == '\n' ? size() : State.BAD;
            case TRAILER -> c == '\r' ? State.END_LF : trailer(c);
            case TRAILER_LINE -> c == '\r' ? State.TRAILER_LINE_LF : trailer(c);
            case TRAILER_LINE_LF -> c == '\n' ? State.TRAILER : State.BAD;
            case END_LF -> c == '\n' ? State.ENDED : State.BAD;
            default -> State.BAD;
        };
    }

    private State size() {
        left = 0;
        seen = 0;
        return State.SIZE;
    }

    private State size(int c) {
        int digit = Character.digit(c & 0x7F, 16);
        if (digit >= 0 && c > 0) {
            left = left * 16 + digit;
            seen++;
            return seen > MOST_DIGITS ? State.BAD : State.SIZE;
        }
        if (seen == 0) {
            return State.BAD;
        }
        if (c == '\r') {
            return State.SIZE_LF;
        }
        seen = 0;
        return extensionsAllowed && (c == ';' || HeadLines.isBlank(c)) ? State.EXTENSION : State.BAD;
    }

    private State extension(int c) {
        seen++;
        if (c == '\r') {
            return State.SIZE_LF;
        }
        return isText(c) && seen < LONGEST_EXTENSION ? State.EXTENSION : State.BAD;
    }

    private State trailers() {
        seen = 0;
        return State.TRAILER;
    }

    private State trailer(int c) {
        seen++;
        return isText(c) && seen < LONGEST_TRAILERS ? State.TRAILER_LINE : State.BAD;
    }

    private static boolean isText(int c) {
        return c < 0 || (c >= ' ' && c != 0x7F) || c == '\t';
    }
}
