package dev.argus.deploy.git;

import dev.argus.deploy.git.GitFailed.Reason;
import dev.argus.service.Credentials;
import dev.argus.service.RepositoryUrl;
import dev.argus.service.Shown;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;
import org.eclipse.jgit.transport.URIish;
import org.jspecify.annotations.Nullable;

/** Says in one sentence why a fetch failed, without what must not be said. */
final class FetchFailures {
    private FetchFailures() {}

    static GitFailed of(RepositoryUrl url, Throwable failure) {
        SameHostConnections.Refused refused = cause(failure, SameHostConnections.Refused.class);
        if (refused != null) {
            return failed(Reason.REFUSED, url, failure, String.valueOf(refused.getMessage()));
        }
        String message = message(url, failure);
        String lower = message.toLowerCase(Locale.ROOT);
        if (cause(failure, UnknownHostException.class) != null) {
            return failed(Reason.UNREACHABLE, url, failure, "cannot be reached: its host is not known; check the URL");
        }
        if (cause(failure, ConnectException.class) != null || cause(failure, NoRouteToHostException.class) != null) {
            return failed(
                    Reason.UNREACHABLE, url, failure, "cannot be reached: nothing answers there; check host and port");
        }
        if (cause(failure, SocketTimeoutException.class) != null
                || lower.contains("timeout")
                || lower.contains("timed out")) {
            return failed(Reason.UNREACHABLE, url, failure, "stopped answering; try again later");
        }
        if (lower.contains("server key") || lower.contains("host key")) {
            return failed(
                    Reason.AUTHENTICATION,
                    url,
                    failure,
                    "has a host key that is not in ~/.ssh/known_hosts of the user that runs Argus; add what "
                            + keyscan(url) + " says to that file after checking it");
        }
        if (lower.contains("auth")
                || lower.contains("not permitted")
                || lower.contains("cannot log in")
                || lower.contains("403")) {
            return failed(Reason.AUTHENTICATION, url, failure, authentication(url));
        }
        if (cause(failure, NoRemoteRepositoryException.class) != null || lower.contains("not found")) {
            return failed(
                    Reason.NOT_A_REPOSITORY,
                    url,
                    failure,
                    "holds no git repository, or one that may not be seen; check the URL and the rights");
        }
        return failed(Reason.FAILED, url, failure, "cannot be fetched (" + message + ")");
    }

    private static GitFailed failed(Reason reason, RepositoryUrl url, Throwable failure, String what) {
        return new GitFailed(reason, url.redacted() + " " + what + ".", new Redacted(message(url, failure)));
    }

    private static String keyscan(RepositoryUrl url) {
        try {
            var remote = new URIish(url.address());
            return "ssh-keyscan " + (remote.getPort() > 0 ? "-p " + remote.getPort() + " " : "") + remote.getHost();
        } catch (URISyntaxException e) {
            return "ssh-keyscan HOST";
        }
    }

    private static String authentication(RepositoryUrl url) {
        return url.scheme().equals("ssh")
                ? "does not let Argus in; give the key in ~/.ssh of the user that runs Argus access to it"
                : url.credentials() == null
                        ? "wants a user and a password or token; put them into the URL (https://USER:TOKEN@host/…)"
                        : "does not accept the given user and password or token; check them";
    }

    private static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> type) {
        Throwable at = failure;
        for (int depth = 0; at != null && depth < 20; depth++) {
            if (type.isInstance(at)) {
                return type.cast(at);
            }
            at = at.getCause();
        }
        return null;
    }

    private static String message(RepositoryUrl url, Throwable failure) {
        var all = new StringBuilder();
        Throwable at = failure;
        for (int depth = 0; at != null && depth < 5; depth++) {
            String text = String.valueOf(at.getMessage());
            if (all.indexOf(text) < 0) {
                all.append(all.isEmpty() ? "" : ": ").append(text);
            }
            at = at.getCause();
        }
        String message = all.toString().replace(url.address() + ": ", "");
        Credentials credentials = url.credentials();
        if (credentials != null) {
            message = without(without(message, credentials.password()), credentials.user());
        }
        String plain = Shown.plain(message);
        return plain.endsWith(".") ? plain.substring(0, plain.length() - 1) : plain;
    }

    private static String without(String message, String secret) {
        return secret.isEmpty() ? message : message.replace(secret, "***");
    }

    /** What the transport said, for the log; the failure itself may hold the URL with its secrets. */
    private static final class Redacted extends Exception {
        private static final long serialVersionUID = 1L;

        Redacted(String message) {
            super(message, null, false, false);
        }
    }
}
