package dev.argus.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1, one request on one connection. A request is sent once, whatever happens, and redirects are not followed,
 * so a token goes only where it was meant to go.
 */
final class Http {
    private static final int MOST_HEADERS = 200;
    /** With it a server says of every answer what whoever asks has to know. */
    private static final String WARNING = "Argus-Warning:";

    private Http() {}

    /**
     * @param body JSON, null for none
     * @param lastEventId of an event stream, null for none
     */
    record Request(
            String method,
            String path,
            String accept,
            @Nullable String token,
            @Nullable String body,
            @Nullable String lastEventId) {}

    /**
     * Sends a request and reads the answer up to its body.
     *
     * @throws Unreachable if there is none by the deadline
     */
    static HttpAnswer send(Server server, Request request, Deadline deadline) {
        Wire wire = null;
        try {
            wire = Wire.open(server, deadline);
            byte[] body = request.body() == null ? new byte[0] : request.body().getBytes(StandardCharsets.UTF_8);
            byte[] head = head(server, request, body.length).getBytes(StandardCharsets.ISO_8859_1);
            byte[] all = java.util.Arrays.copyOf(head, head.length + body.length);
            System.arraycopy(body, 0, all, head.length, body.length);
            wire.write(all);
            return answer(wire);
        } catch (IOException e) {
            if (wire == null) {
                throw notConnected(server, e, deadline);
            }
            wire.close();
            throw broken(server, request.method(), e, deadline);
        }
    }

    private static String head(Server server, Request request, int length) {
        StringBuilder head = new StringBuilder(512);
        head.append(request.method()).append(' ').append(server.path()).append(request.path());
        head.append(" HTTP/1.1\r\nHost: ").append(server.authority());
        head.append("\r\nAccept: ").append(request.accept());
        head.append("\r\nUser-Agent: argus-client\r\nConnection: close\r\n");
        if (request.token() != null) {
            head.append("Authorization: Bearer ").append(request.token()).append("\r\n");
        }
        if (request.lastEventId() != null) {
            head.append("Last-Event-ID: ").append(request.lastEventId()).append("\r\n");
        }
        if (request.body() != null) {
            head.append("Content-Type: application/json\r\n");
        }
        if (!request.method().equals("GET")) {
            head.append("Content-Length: ").append(length).append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    private static HttpAnswer answer(Wire wire) throws IOException {
        while (true) {
            String first = wire.line();
            if (first.length() < 12 || !first.startsWith("HTTP/1.")) {
                throw new IOException("what answers there is no HTTP server");
            }
            Integer status = Units.whole(first.substring(9, 12));
            if (status == null) {
                throw new IOException("what answers there is no HTTP server");
            }
            String type = "";
            String warning = "";
            long length = -1;
            boolean chunked = false;
            String line = wire.line();
            for (int i = 0; !line.isEmpty(); i++) {
                if (i == MOST_HEADERS) {
                    throw new IOException("the answer has too many headers");
                }
                if (has(line, "Content-Type:")) {
                    type = line.substring(13).strip();
                } else if (has(line, WARNING)) {
                    warning = line.substring(WARNING.length()).strip();
                } else if (has(line, "Content-Length:")) {
                    length = length(line.substring(15).strip());
                } else if (has(line, "Transfer-Encoding:")) {
                    chunked = line.substring(18).strip().equalsIgnoreCase("chunked");
                }
                line = wire.line();
            }
            if (status >= 200) {
                boolean empty = status == 204 || status == 304;
                return new HttpAnswer(
                        status, type, warning, new HttpBody(wire, empty ? 0 : length, !empty && chunked), wire);
            }
        }
    }

    private static boolean has(String line, String name) {
        return line.regionMatches(true, 0, name, 0, name.length());
    }

    private static long length(String text) throws IOException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IOException("the length of the answer is no number", e);
        }
    }

    private static Unreachable notConnected(Server server, IOException e, Deadline deadline) {
        String reason = reason(e, deadline);
        return new Unreachable(
                reason,
                "No Argus answers at " + server.url() + " (" + reason
                        + "): start it there (argus-server serve), or name" + " another one with --server URL.");
    }

    private static Unreachable broken(Server server, String method, IOException e, Deadline deadline) {
        String reason = reason(e, deadline);
        String doubt = method.equals("GET")
                ? "look whether Argus is well there."
                : "whether it did what was asked is not known, so look before you ask again (argus-client status).";
        return new Unreachable(reason, server.url() + " gave no answer (" + reason + "): " + doubt);
    }

    static String reason(IOException e, Deadline deadline) {
        return switch (e) {
            case SocketTimeoutException _ -> "nothing came within " + deadline.seconds() + " s";
            case UnknownHostException _ -> "its host name is not known";
            case NoRouteToHostException _ -> "no route to the host";
            case ConnectException _ -> "connection refused";
            case SSLException _ -> "no secure connection: " + Text.line(String.valueOf(e.getMessage()));
            default -> Text.line(String.valueOf(e.getMessage()));
        };
    }
}
