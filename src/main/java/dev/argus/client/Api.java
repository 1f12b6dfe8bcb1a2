package dev.argus.client;

import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The REST interface of one server.
 *
 * @param token null if nobody signed in there
 * @param warned is told what the server says of itself with an answer
 */
record Api(Server server, @Nullable String token, Consumer<String> warned) {
    /** Longest wait for an answer that needs no work on the server, in seconds. */
    static final int READ_SECONDS = 10;

    /** Longest wait for a server that is one of several, in seconds. */
    static final int CHOICE_SECONDS = 3;

    /** Longest wait until a server has taken an order, in seconds. */
    static final int ORDER_SECONDS = 30;

    private static final String BASE = "/api/v1";
    private static final String JSON = "application/json, application/problem+json";

    /**
     * Asks; the answer's body as it is.
     *
     * @throws Unreachable if there is no answer in time
     * @throws Refused if the answer is an error
     */
    String get(String path, int seconds) {
        return call("GET", path, null, seconds);
    }

    String get(String path) {
        return get(path, READ_SECONDS);
    }

    Json read(String path, int seconds) {
        return parsed(get(path, seconds));
    }

    Json read(String path) {
        return read(path, READ_SECONDS);
    }

    /**
     * Orders something, once: it is never sent again. The same errors as {@link #get}.
     *
     * @param body null for none
     */
    String order(String method, String path, @Nullable Map<String, ?> body, int seconds) {
        return call(method, path, body == null ? null : Json.write(body), seconds);
    }

    String order(String method, String path, @Nullable Map<String, ?> body) {
        return order(method, path, body, ORDER_SECONDS);
    }

    /** The answer as JSON; a server that answers something else is no Argus. */
    Json parsed(String text) {
        try {
            return Json.read(text);
        } catch (IOException e) {
            throw ClientFailure.failed(
                    server.url() + " answered something that is not JSON: is it the address of an Argus?");
        }
    }

    private String call(String method, String path, @Nullable String body, int seconds) {
        Deadline deadline = Deadline.in(seconds);
        var request = new Http.Request(method, BASE + path, JSON, token, body, null);
        try (HttpAnswer answer = Http.send(server, request, deadline)) {
            if (!answer.warning().isEmpty()) {
                warned.accept(answer.warning());
            }
            String text = answer.text();
            if (answer.status() >= 300) {
                throw refused(answer.status(), text);
            }
            return text;
        } catch (IOException e) {
            String reason = Http.reason(e, deadline);
            throw new Unreachable(
                    reason, server.url() + " broke off its answer (" + reason + "): ask again what came of it.");
        }
    }

    /**
     * Opens a stream of events; only opening it is bounded. The same errors as {@link #get}.
     *
     * @param lastEventId what was seen last, null to begin now
     */
    EventStream events(String path, @Nullable String lastEventId) {
        Deadline deadline = Deadline.in(READ_SECONDS);
        var request = new Http.Request("GET", BASE + path, "text/event-stream", token, null, lastEventId);
        HttpAnswer answer = Http.send(server, request, deadline);
        if (answer.status() == 200 && answer.type().startsWith("text/event-stream")) {
            return new EventStream(answer);
        }
        try (answer) {
            if (answer.status() < 300) {
                throw ClientFailure.failed(server.url() + " answered no events: is it the address of an Argus?");
            }
            throw refused(answer.status(), answer.text());
        } catch (IOException e) {
            throw refused(answer.status(), "");
        }
    }

    private Refused refused(int code, String text) {
        Json problem = problem(text);
        StringBuilder sentence = new StringBuilder(problem.text("detail", ""));
        if (sentence.isEmpty()) {
            sentence.append(server.url()).append(" answered ").append(code);
            String title = problem.text("title");
            sentence.append(title == null ? "" : " (" + title + ")");
            sentence.append(code < 400 ? ": is it the address of an Argus?" : ": its log says why.");
        }
        if (code == 401) {
            sentence.append(" Sign in with argus-client login, or give a token with --token or $ARGUS_TOKEN.");
        }
        for (Json error : problem.at("errors").items()) {
            String detail = error.text("detail", "");
            if (sentence.indexOf(detail) < 0) {
                sentence.append("\n  ")
                        .append(error.text("field", ""))
                        .append(": ")
                        .append(detail);
            }
        }
        return new Refused(code, sentence.toString());
    }

    private static Json problem(String text) {
        try {
            return Json.read(text);
        } catch (IOException e) {
            return Json.nothing(); // a proxy in between answers pages: the status has to do
        }
    }

    /** One segment of a path: what is not a plain character is encoded. */
    static String segment(String name) {
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            throw ClientFailure.usage("\"" + name + "\" is no name: use small letters, digits and hyphens.");
        }
        return encoded(name);
    }

    /** A value for a path or a query. */
    static String encoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if ((c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '-'
                    || c == '_'
                    || c == '.'
                    || c == '~') {
                encoded.append(c);
            } else {
                encoded.append('%')
                        .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
                        .append(Character.toUpperCase(Character.forDigit(c & 0xf, 16)));
            }
        }
        return encoded.toString();
    }

    /** The path of a service. */
    static String service(String name) {
        return "/services/" + segment(name);
    }
}
