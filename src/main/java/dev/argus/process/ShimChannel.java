package dev.argus.process;

import java.util.Optional;

/** The socket over which a waiting shim is told to start its service again; Argus holds the one end, the shim the other as descriptor 4. */
final class ShimChannel implements AutoCloseable {
    private final int ours;
    private final int theirs;
    private boolean handedOver;
    private boolean closed;

    private ShimChannel(int ours, int theirs) {
        this.ours = ours;
        this.theirs = theirs;
    }

    /** @throws LaunchException without free file descriptors */
    static ShimChannel open() {
        int[] ends = new int[2];
        int result = Libc.socketPair(ends);
        if (result < 0) {
            throw new LaunchException("No socket could be made for a new instance (" + Libc.describe(-result)
                    + "); raise the limit of open files (ulimit -n).");
        }
        return new ShimChannel(ends[0], ends[1]);
    }

    int ours() {
        return ours;
    }

    int theirs() {
        return theirs;
    }

    /** The shim has its end: from now on only it keeps that open, so that its death is seen. */
    synchronized void handedOver() {
        if (!handedOver) {
            handedOver = true;
            Libc.close(theirs);
        }
    }

    /**
     * Tells a waiting shim to start the service again.
     *
     * @return false when it is gone
     */
    synchronized boolean again() {
        return !closed && Libc.send(ours, "again\n") > 0;
    }

    /** The exit status that the shim reported; empty when it said nothing that is one, or is gone. Does not block. */
    synchronized Optional<Exit> reported() {
        String text = closed ? "" : Libc.receive(ours);
        try {
            return text.endsWith("\n") ? Optional.of(Exit.ofShell(Integer.parseInt(text.trim()))) : Optional.empty();
        } catch (NumberFormatException _) {
            // not said by our shim, so as good as nothing
            return Optional.empty();
        }
    }

    /** Lets the shim go: it ends after its service, or at once when it waits. */
    @Override
    public synchronized void close() {
        handedOver();
        if (!closed) {
            closed = true;
            Libc.close(ours);
        }
    }
}
