package dev.argus.client;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** A connection to a server, read through a buffer and never longer than allowed. */
final class Wire implements Closeable {
    private static final int LONGEST_LINE = 64 * 1024;

    private final Socket socket;
    private final InputStream in;
    private final byte[] buffer = new byte[16 * 1024];
    private int position;
    private int end;
    private final Deadline deadline;
    private int idleMillis;

    private Wire(Socket socket, Deadline deadline) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.deadline = deadline;
    }

    /**
     * Connects, trying each address of the host.
     *
     * @throws IOException if none is reached in time
     */
    static Wire open(Server server, Deadline deadline) throws IOException {
        InetAddress[] addresses = InetAddress.getAllByName(server.address());
        for (int i = 0; ; i++) {
            Socket socket = new Socket(Proxy.NO_PROXY); // else the settings for proxies are read first
            try {
                // what is left is shared, so that a silent address does not cost the next one its turn
                int share = Math.max(1, deadline.left() / (addresses.length - i));
                socket.connect(new InetSocketAddress(addresses[i], server.port()), share);
                socket.setTcpNoDelay(true);
                return new Wire(server.secure() ? secured(socket, server, deadline) : socket, deadline);
            } catch (IOException e) {
                socket.close();
                if (i == addresses.length - 1) {
                    throw e;
                }
            }
        }
    }

    private static Socket secured(Socket plain, Server server, Deadline deadline) throws IOException {
        SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        SSLSocket socket = (SSLSocket) factory.createSocket(plain, server.address(), server.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(Math.max(1, deadline.left()));
        socket.startHandshake();
        return socket;
    }

    void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** From now on no deadline for the whole counts, but the longest silence. */
    void allowSilence(int millis) {
        idleMillis = millis;
    }

    /** Whether there is something to read within that time; takes nothing away. */
    boolean await(int millis) throws IOException {
        if (position < end) {
            return true;
        }
        try {
            fill(Math.max(1, millis));
            return true;
        } catch (SocketTimeoutException e) {
            return false; // that is the answer
        }
    }

    private void fill(int millis) throws IOException {
        socket.setSoTimeout(millis);
        int count = in.read(buffer, 0, buffer.length);
        position = 0;
        end = Math.max(0, count);
        if (count < 0) {
            throw new EOFException("the connection was closed");
        }
    }

    private void need() throws IOException {
        if (position < end) {
            return;
        }
        int millis = idleMillis > 0 ? idleMillis : deadline.left();
        if (millis <= 0) {
            throw new SocketTimeoutException("too late");
        }
        fill(millis);
    }

    /** Whether the server closed the connection; waits until that is known. */
    boolean atEnd() throws IOException {
        try {
            need();
            return false;
        } catch (EOFException e) {
            return true; // that is the answer
        }
    }

    int read() throws IOException {
        need();
        return buffer[position++] & 0xff;
    }

    int read(byte[] into, int offset, int length) throws IOException {
        need();
        int count = Math.min(length, end - position);
        System.arraycopy(buffer, position, into, offset, count);
        position += count;
        return count;
    }

    /** A line of a header, without its end. */
    String line() throws IOException {
        byte[] line = new byte[128];
        int length = 0;
        int next;
        while ((next = read()) != '\n') {
            if (length == LONGEST_LINE) {
                throw new IOException("a line of the answer is too long");
            }
            if (length == line.length) {
                line = java.util.Arrays.copyOf(line, length * 2);
            }
            line[length++] = (byte) next;
        }
        if (length > 0 && line[length - 1] == '\r') {
            length--;
        }
        return new String(line, 0, length, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // it is over either way, and everything that was wanted has been read
        }
    }
}
