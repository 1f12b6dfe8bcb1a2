package dev.argus.service;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a git repository is: an address without secrets, and the credentials that stood in it.
 *
 * @param scheme one of {@code https ssh http file}
 * @param address the URL as git takes it, without password or token; {@code git@host:path} is kept in that form
 * @param credentials what stood before the {@code @}, or null; only the user name of ssh stays in the address
 */
public record RepositoryUrl(
        String scheme, String address, @Nullable Credentials credentials) {
    /** The protocols that are allowed where the configuration says nothing. */
    public static final Set<String> DEFAULT_PROTOCOLS = Set.of("https", "ssh");

    private static final int LONGEST = 2000;
    private static final Set<String> KNOWN = Set.of("https", "ssh", "http", "file");
    private static final Pattern URL = Pattern.compile(
            "([A-Za-z][A-Za-z0-9+.-]*)://(?:([^/@]*)@)?(\\[[0-9A-Fa-f:.]+]|[^/@:]*)(?::(\\d{1,5}))?(/.*)?");
    private static final Pattern SCP = Pattern.compile("(?:([^/@:]+)@)?([^/@:]+):(?!:)(.+)");
    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_.])?|\\[[0-9A-Fa-f:.]+]");
    private static final Pattern SSH_USER = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*");

    /**
     * The repository that {@code text} names.
     *
     * @param protocols the allowed schemes of {@code https ssh http file}
     * @throws InvalidValue of the field {@code repository}; its sentence never holds the credentials
     */
    public static RepositoryUrl of(String text, Set<String> protocols) {
        if (text.isBlank() || text.length() > LONGEST) {
            throw refused("The repository URL must have 1 to " + LONGEST + " characters.");
        }
        if (text.codePoints().anyMatch(RepositoryUrl::isUnprintable)) {
            throw refused("The repository URL has a space or a control character in it; remove it or write it as %20.");
        }
        if (text.startsWith("-")) {
            throw refused("The repository URL must not start with a hyphen.");
        }
        Matcher url = URL.matcher(text);
        if (url.matches()) {
            return ofUrl(url, protocols);
        }
        Matcher scp = SCP.matcher(text);
        if (!text.contains("://")
                && scp.matches()
                && !KNOWN.contains(scp.group(2).toLowerCase(Locale.ROOT))) {
            return ofScp(scp, protocols);
        }
        throw refused(
                "The repository is no URL that Argus can fetch from; write for example https://host/owner/name.git.");
    }

    private static RepositoryUrl ofUrl(Matcher url, Set<String> protocols) {
        String scheme = url.group(1).toLowerCase(Locale.ROOT);
        allow(scheme, protocols);
        String user = url.group(2);
        String host = url.group(3);
        String path = url.group(5) == null ? "" : url.group(5);
        if (path.length() < 2 || path.contains("?") || path.contains("#")) {
            throw refused("The repository URL needs a path after the host, with no ? or # in it.");
        }
        if (scheme.equals("file")) {
            if (user != null || url.group(4) != null || !(host.isEmpty() || host.equals("localhost"))) {
                throw refused("A file URL names no host; write file:///path/of/the/repository.");
            }
            return new RepositoryUrl(scheme, "file://" + path, null);
        }
        checkHost(host);
        String end = host + (url.group(4) == null ? "" : ":" + port(url.group(4))) + path;
        Credentials credentials = user == null || user.isEmpty() ? null : credentials(user);
        if (!scheme.equals("ssh") || credentials == null) {
            return new RepositoryUrl(scheme, scheme + "://" + end, credentials);
        }
        checkSshUser(credentials.user());
        boolean secret = !credentials.password().isEmpty();
        return new RepositoryUrl(scheme, "ssh://" + credentials.user() + "@" + end, secret ? credentials : null);
    }

    private static RepositoryUrl ofScp(Matcher scp, Set<String> protocols) {
        allow("ssh", protocols);
        if (scp.group(1) != null) {
            checkSshUser(scp.group(1));
        }
        checkHost(scp.group(2));
        if (scp.group(3).startsWith("-")) {
            throw refused("The path of the repository must not start with a hyphen.");
        }
        return new RepositoryUrl("ssh", scp.group(), null);
    }

    private static void allow(String scheme, Set<String> protocols) {
        if (!KNOWN.contains(scheme)) {
            throw refused("The protocol " + Shown.plain(scheme) + " cannot be used; use https or ssh.");
        }
        if (!protocols.contains(scheme)) {
            throw refused("The protocol " + scheme + " is not allowed on this server; use "
                    + String.join(" or ", protocols.stream().sorted().toList())
                    + ", or allow it under server.git.protocols of config.json.");
        }
    }

    private static void checkHost(String host) {
        if (!HOST.matcher(host).matches()) {
            throw refused("The host " + Shown.quoted(host) + " of the repository URL is not a host name.");
        }
    }

    private static void checkSshUser(String user) {
        if (!SSH_USER.matcher(user).matches()) {
            throw refused(
                    "The user of the repository URL may only have letters, digits, dots, hyphens and underscores.");
        }
    }

    private static String port(String digits) {
        int port = Integer.parseInt(digits);
        if (port < 1 || port > 65_535) {
            throw refused("The port " + port + " of the repository URL must be between 1 and 65535.");
        }
        return digits;
    }

    private static Credentials credentials(String userInfo) {
        int colon = userInfo.indexOf(':');
        return colon < 0
                ? new Credentials(decoded(userInfo), "")
                : new Credentials(decoded(userInfo.substring(0, colon)), decoded(userInfo.substring(colon + 1)));
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new InvalidValue(
                    "repository", "The user or password of the repository URL is not written in %-encoding.");
        }
    }

    private static boolean isUnprintable(int point) {
        return Character.isISOControl(point) || Character.isWhitespace(point) || Character.isSpaceChar(point);
    }

    private static InvalidValue refused(String sentence) {
        return new InvalidValue("repository", sentence);
    }

    /** The whole URL with its secrets in %-encoding, which {@link #of} reads back: for the fetch and the secret store alone. */
    public String withCredentials() {
        if (credentials == null) {
            return address;
        }
        String secret = credentials.password().isEmpty() ? "" : ":" + encoded(credentials.password());
        int end = address.indexOf("://") + 3;
        String rest = address.substring(end);
        String host = scheme.equals("ssh") ? rest.substring(rest.indexOf('@') + 1) : rest;
        return address.substring(0, end) + encoded(credentials.user()) + secret + "@" + host;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The address for people and logs, with {@code ***} where credentials stood. */
    public String redacted() {
        return credentials == null || scheme.equals("ssh") ? address : address.replaceFirst("://", "://***@");
    }

    @Override
    public String toString() {
        return redacted();
    }
}
