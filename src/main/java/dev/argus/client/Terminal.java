package dev.argus.client;

import org.jspecify.annotations.Nullable;

/** What a person at a terminal sees and types. */
interface Terminal {
    /** Whether standard output is a terminal. */
    boolean visible();

    /** Asks and reads a line; null if nobody can be asked, because standard input is no terminal. */
    @Nullable
    String ask(String question);

    /** The same, without showing what is typed. */
    @Nullable
    String askSecret(String question);

    /** Does something if the person presses Ctrl-C, until the result is run. */
    Runnable onInterrupt(Runnable action);

    /** Nobody there: output goes to a file or to a program. */
    Terminal NONE = new Terminal() {
        @Override
        public boolean visible() {
            return false;
        }

        @Override
        public @Nullable String ask(String question) {
            return null;
        }

        @Override
        public @Nullable String askSecret(String question) {
            return null;
        }

        @Override
        public Runnable onInterrupt(Runnable action) {
            return () -> {};
        }
    };
}
