package dev.argus.process;

import org.jspecify.annotations.Nullable;

/** Something about a process of the operating system failed; the message is one sentence for people. */
public class ProcessException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ProcessException(String sentence) {
        super(sentence);
    }

    public ProcessException(String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
    }
}
