package dev.argus.process;

/**
 * One TCP or UDP socket of this machine.
 *
 * @param protocol {@code tcp tcp6 udp udp6}
 * @param state as the kernel calls it, such as {@code LISTEN} or {@code CLOSE_WAIT}
 * @param local address and port; so is remote
 * @param receiveQueue bytes that wait to be read; of a listening socket, connections that wait to be accepted
 * @param sendQueue bytes that the other side has not acknowledged
 */
public record Socket(String protocol, String state, String local, String remote, long receiveQueue, long sendQueue) {

    /** Whether it waits for connections. */
    public boolean listens() {
        return state.equals("LISTEN");
    }
}
