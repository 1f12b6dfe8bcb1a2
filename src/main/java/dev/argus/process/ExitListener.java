package dev.argus.process;

/** Is told what becomes of one launched or adopted service. Called on the exit watcher's only thread: hand on, never block. */
@FunctionalInterface
public interface ExitListener {

    /** The service ended; told exactly once. */
    void exited(Exit exit);

    /** The service ended and was started again at once, as {@link PreparedLaunch#allowRestart} allowed; told instead of {@link #exited}. */
    default void restarted(Exit exit, Launched again) {
        exited(exit);
    }

    /** The shim is gone without a record, yet the service lives and goes on being watched; its exit will be {@link Exit.Unknown}. */
    default void shimLost(ProcessIdentity service) {}
}
