package dev.argus.control;

import dev.argus.bus.Signal;
import dev.argus.process.Exit;

/** What happens to the processes of an instance. */
public sealed interface ProcessEvent extends Signal {

    /** It was launched and this is its own process. */
    record PidKnown(String instance, int generation, long pid) implements ProcessEvent {}

    /**
     * Its last process has gone by itself.
     *
     * @param restarted whether it was started again in that moment, as the next generation
     * @param logEnd how long its log was then, in bytes; negative where that is not known
     */
    record Exited(String instance, int generation, Exit exit, boolean restarted, long logEnd) implements ProcessEvent {}
}
