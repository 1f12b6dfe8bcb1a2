package dev.argus.process;

import java.util.Arrays;

/** A signal of Linux; the numbers are those of x86-64 and aarch64. */
public enum Signal {
    HUP(1),
    INT(2),
    QUIT(3),
    ILL(4),
    TRAP(5),
    ABRT(6),
    BUS(7),
    FPE(8),
    KILL(9),
    USR1(10),
    SEGV(11),
    USR2(12),
    PIPE(13),
    ALRM(14),
    TERM(15),
    STKFLT(16),
    CHLD(17),
    CONT(18),
    STOP(19),
    TSTP(20),
    TTIN(21),
    TTOU(22),
    URG(23),
    XCPU(24),
    XFSZ(25),
    VTALRM(26),
    PROF(27),
    WINCH(28),
    IO(29),
    PWR(30),
    SYS(31);

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    /** What the kernel calls it. */
    public int number() {
        return number;
    }

    /** For people: {@code 9 (SIGKILL)}, or the number alone where it has no name. */
    static String describe(int number) {
        return Arrays.stream(values())
                .filter(signal -> signal.number == number)
                .findAny()
                .map(signal -> number + " (SIG" + signal.name() + ")")
                .orElseGet(() -> Integer.toString(number));
    }

    /**
     * Sends this signal to exactly that process: by a pidfd whose process is compared with the identity after it was opened, so that a pid that
     * went to a stranger is never signalled.
     *
     * @return whether it was sent; false when the process is gone or is another one
     * @throws ProcessException when it lives and may not be signalled by this user
     */
    public boolean send(ProcessIdentity process) {
        int pidfd = Libc.pidfdOpen(process.pid());
        if (pidfd < 0) {
            if (process.isAlive()) {
                throw failed(process, pidfd);
            }
            return false;
        }
        try {
            if (!process.isAlive()) {
                return false;
            }
            int result = Libc.pidfdSendSignal(pidfd, number);
            if (result < 0 && result != -Libc.ESRCH) {
                throw failed(process, result);
            }
            return result == 0;
        } finally {
            Libc.close(pidfd);
        }
    }

    private ProcessException failed(ProcessIdentity process, int result) {
        return new ProcessException("The signal SIG" + name() + " could not be sent to process " + process.pid() + " ("
                + Libc.describe(-result) + "); Argus must run as the user who owns it.");
    }
}
