package dev.argus.service;

/** A value given by a person or a file that cannot be used; the message is one sentence that says why and what would be right. */
public final class InvalidValue extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String field;

    /** A refusal of the value of {@code field}, a JSON path without the leading dollar, such as {@code isalive.interval}. */
    public InvalidValue(String field, String sentence) {
        super(sentence, null, false, false);
        this.field = field;
    }

    /** The JSON path of the field that is to blame. */
    public String field() {
        return field;
    }

    /** The sentence for people. */
    public String sentence() {
        return String.valueOf(getMessage());
    }

    /** The same refusal, saying in which file of the repository the value stands. */
    public InvalidValue in(String file) {
        return new InvalidValue(field, file + ": " + sentence());
    }
}
