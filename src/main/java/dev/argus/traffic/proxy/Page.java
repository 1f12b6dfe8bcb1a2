package dev.argus.traffic.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;

/** What the proxy itself answers: a page, or a problem (RFC 9457) for who prefers JSON. None of its words come from a request. */
record Page(int status, String title, String sentence) {
    private static final String RETRY_SECONDS = "5";

    static final Page NOT_HTTP = new Page(400, "Bad Request", "This request is not one that HTTP allows.");
    static final Page UNKNOWN_HOST =
            new Page(404, "Not Found", "No service of this server is reached under this address.");
    static final Page NOT_FOR_US = new Page(405, "Method Not Allowed", "This method is not for a web service.");
    static final Page SLOW_REQUEST = new Page(408, "Request Timeout", "This request did not come whole in time.");
    static final Page LONG_ADDRESS = new Page(414, "URI Too Long", "The address of this request is too long.");
    static final Page UNKNOWN_EXPECTATION =
            new Page(417, "Expectation Failed", "What this request expects is not known here.");
    static final Page TOO_MANY_HEADERS =
            new Page(431, "Request Header Fields Too Large", "The headers of this request are too many or too long.");
    static final Page BROKE_OFF =
            new Page(502, "Bad Gateway", "The service ended the connection before it had answered.");
    static final Page BAD_ANSWER = new Page(502, "Bad Gateway", "The service's answer is not one that HTTP allows.");
    static final Page STOPPED = new Page(503, "Service Unavailable", "This service is stopped at the moment.");
    static final Page NOT_READY =
            new Page(503, "Service Unavailable", "This service is not ready at the moment; try again soon.");
    static final Page TOO_MANY =
            new Page(503, "Service Unavailable", "Too many requests wait for this service; try again soon.");
    static final Page TOO_MANY_CONNECTIONS =
            new Page(503, "Service Unavailable", "Too many connections are open here; try again soon.");
    static final Page TOO_LATE = new Page(504, "Gateway Timeout", "The service did not answer in time.");
    static final Page OTHER_VERSION =
            new Page(505, "HTTP Version Not Supported", "This server speaks HTTP/1.1; take that.");

    boolean isFailure() {
        return status >= 500;
    }

    /** The answer as it goes over the wire. */
    ByteBuf encode(ByteBufAllocator buffers, boolean json, boolean withoutBody, boolean closing) {
        byte[] body = (json ? problem() : html()).getBytes(StandardCharsets.UTF_8);
        var head = new StringBuilder(320);
        head.append("HTTP/1.1 ").append(status).append(' ').append(title).append("\r\nContent-Type: ");
        head.append(json ? "application/problem+json" : "text/html; charset=utf-8");
        head.append("\r\nContent-Length: ").append(body.length);
        head.append("\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n");
        if (status == 503) {
            head.append("Retry-After: ").append(RETRY_SECONDS).append("\r\n");
        }
        if (closing) {
            head.append("Connection: close\r\n");
        }
        head.append("\r\n");
        byte[] begin = HeadWriter.text(head.toString());
        ByteBuf out = buffers.directBuffer(begin.length + body.length).writeBytes(begin);
        return withoutBody ? out : out.writeBytes(body);
    }

    private String problem() {
        return new JsonObject()
                .put("type", "about:blank")
                .put("title", title)
                .put("status", status)
                .put("detail", sentence)
                .encode();
    }

    private String html() {
        return "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"
                + "<title>" + title + "</title><style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:36rem;"
                + "margin:20vh auto;padding:0 1rem;color-scheme:light dark}</style><h1>" + title + "</h1><p>" + sentence
                + "</p></html>\n";
    }
}
