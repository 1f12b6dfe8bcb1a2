package dev.argus.process;

/** How a process ended. */
public sealed interface Exit {

    /**
     * It ended by itself.
     *
     * @param code 0 to 255
     */
    record Status(int code) implements Exit {}

    /**
     * A signal ended it. A shell says this as 128 + the signal, so a service that itself ends with a status from 129 to 192 is taken for this.
     */
    record Killed(int signal) implements Exit {}

    /** The kernel killed it for want of memory, which is known and not guessed; see {@link OutOfMemory}. */
    record KilledForMemory() implements Exit {}

    /** Nobody saw it: it ended while no shim and no parent of ours was there to ask. */
    record Unknown() implements Exit {}

    /** For people, as in "it ended with …": {@code exit status 2}, {@code killed by signal 9 (SIGKILL)}. */
    default String describe() {
        return switch (this) {
            case Status(int code) when code == 126 -> "exit status 126 (usually: the command may not be executed)";
            case Status(int code) when code == 127 -> "exit status 127 (usually: command not found)";
            case Status(int code) -> "exit status " + code;
            case Killed(int signal) -> "killed by signal " + Signal.describe(signal);
            case KilledForMemory() -> "oom-killed (the kernel ended it for want of memory)";
            case Unknown() -> "exit status unknown";
        };
    }

    /** What a status reported by a shell means. */
    static Exit ofShell(int status) {
        return status > 128 && status <= 192 ? new Killed(status - 128) : new Status(status);
    }

    /** What {@code waitpid} reported, the process being our shim, which ends with the service's status. */
    static Exit ofWait(int status) {
        int signal = status & 0x7f;
        return signal == 0 ? ofShell(status >> 8 & 0xff) : new Killed(signal);
    }
}
