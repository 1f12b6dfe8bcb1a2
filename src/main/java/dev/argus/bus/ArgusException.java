package dev.argus.bus;

import org.jspecify.annotations.Nullable;

/** A failure with a code and one sentence for people: what happened, to what, and what to do. */
public final class ArgusException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final @Nullable String field;

    /** A failure that concerns no single field. */
    public ArgusException(ErrorCode code, String sentence) {
        this(code, sentence, null);
    }

    /** A failure caused by the value of {@code field} (a JSON path without the leading dollar), where one is to blame. */
    public ArgusException(ErrorCode code, String sentence, @Nullable String field) {
        super(sentence, null, false, false);
        this.code = code;
        this.field = field;
    }

    /** What kind of failure this is. */
    public ErrorCode code() {
        return code;
    }

    /** The field that is to blame. */
    public @Nullable String field() {
        return field;
    }

    /** The sentence for people. */
    public String sentence() {
        return String.valueOf(getMessage());
    }

    /** A {@link ErrorCode#NOT_FOUND}. */
    public static ArgusException notFound(String sentence) {
        return new ArgusException(ErrorCode.NOT_FOUND, sentence);
    }

    /** A {@link ErrorCode#CONFLICT}. */
    public static ArgusException conflict(String sentence) {
        return new ArgusException(ErrorCode.CONFLICT, sentence);
    }

    /** A {@link ErrorCode#INVALID} of one field. */
    public static ArgusException invalid(String field, String sentence) {
        return new ArgusException(ErrorCode.INVALID, sentence, field);
    }
}
