package dev.argus.bus;

/** The kinds of failure that callers can tell apart; everything else is {@link #INTERNAL}. */
public enum ErrorCode {
    /** What was asked for is malformed. */
    INVALID(1),
    /** The caller has not proved who it is. */
    UNAUTHENTICATED(2),
    /** The caller is known and may not do this. */
    FORBIDDEN(3),
    /** There is no such thing, or the caller may not know of it. */
    NOT_FOUND(4),
    /** It contradicts what is so now. */
    CONFLICT(5),
    /** A bounded queue is full; later it may go. */
    BUSY(6),
    /** Something needed does not answer. */
    UNAVAILABLE(7),
    /** A fault of Argus itself. */
    INTERNAL(8);

    private final int number;

    ErrorCode(int number) {
        this.number = number;
    }

    /** The number that stands for this code in a failed reply. */
    public int number() {
        return number;
    }

    /** The code of a failed reply; numbers that no code has, as those of Vert.x itself, are {@link #UNAVAILABLE}. */
    public static ErrorCode of(int number) {
        for (ErrorCode code : values()) {
            if (code.number == number) {
                return code;
            }
        }
        return UNAVAILABLE;
    }
}
