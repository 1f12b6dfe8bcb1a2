package dev.argus.process;

/** No port of a range is free. */
public final class NoFreePortException extends ProcessException {
    private static final long serialVersionUID = 1L;

    public NoFreePortException(String sentence) {
        super(sentence);
    }
}
