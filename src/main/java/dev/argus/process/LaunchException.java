package dev.argus.process;

import org.jspecify.annotations.Nullable;

/** A command could not be started; the message says which one and why. */
public final class LaunchException extends ProcessException {
    private static final long serialVersionUID = 1L;

    public LaunchException(String sentence) {
        super(sentence);
    }

    public LaunchException(String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
    }
}
