package dev.argus.api;

import dev.argus.bus.ArgusException;
import dev.argus.service.Shown;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps pages of others out that have their own name lead to this machine (DNS rebinding): a browser takes them for pages of Argus then, and hands over what
 * they read. Refuses every request by a name that is not in {@link HostNames}, unless it cannot be of a page or is a mere sign of life, so that clients with a token and monitors
 * reach Argus by any name.
 */
final class HostCheck implements Handler<RoutingContext> {
    private static final Set<String> SIGNS_OF_LIFE = Set.of("/isalive", "/healthz");
    private static final String BEARER = "Bearer ";

    private final HostNames names;

    HostCheck(HostNames names) {
        this.names = names;
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        List<String> hosts = request.headers().getAll("Host");
        if (hosts.size() > 1) {
            Problem.of(ArgusException.invalid(
                            "Host", "A request has one Host header; this one has " + hosts.size() + "."))
                    .send(context);
            return;
        }
        HostAndPort named = request.authority();
        boolean known = isKnown(named) && isKnownTarget(request.uri());
        if (known || mayGoOnUnderAnyName(request, context.normalizedPath())) {
            context.next();
        } else {
            Problem.misdirected(named == null ? "that it was asked by" : Shown.plain(named.host()))
                    .send(context);
        }
    }

    private boolean isKnown(@Nullable HostAndPort named) {
        if (named == null) {
            return false;
        }
        String host = named.host();
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        return names.contains(bracketed ? host.substring(1, host.length() - 1) : host);
    }

    /** As it is said to a proxy, a request may name the host in its first line. */
    private boolean isKnownTarget(String uri) {
        int scheme = uri.indexOf("://");
        if (uri.startsWith("/") || scheme < 0) {
            return true;
        }
        String rest = uri.substring(scheme + 3);
        return isKnown(HostAndPort.parseAuthority(rest.split("[/?#]", 2)[0], -1));
    }

    /**
     * Whether it is a sign of life or cannot be of a page. Browsers send an Origin with all but GET and HEAD. And a page has no token: it may send some
     * text as one, which gets it nothing where a token alone counts.
     */
    private static boolean mayGoOnUnderAnyName(HttpServerRequest request, String path) {
        boolean reads =
                request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
        boolean hasOrigin = request.getHeader("Origin") != null;
        return SIGNS_OF_LIFE.contains(path) || (!reads && !hasOrigin) || (hasToken(request) && needsSomebody(path));
    }

    private static boolean hasToken(HttpServerRequest request) {
        String authorization = request.getHeader("Authorization");
        return authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length());
    }

    private static boolean needsSomebody(String path) {
        return path.equals("/metrics") || (path.startsWith("/api/v1/") && !path.startsWith("/api/v1/login"));
    }
}
