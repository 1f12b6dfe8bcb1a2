package dev.argus.process;

/** Something that is being watched; {@link #close} stops that, and nobody is told from then on. */
@FunctionalInterface
public interface Watching extends AutoCloseable {
    @Override
    void close();
}
