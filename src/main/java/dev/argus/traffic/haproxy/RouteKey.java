package dev.argus.traffic.haproxy;

import dev.argus.bus.ArgusException;
import dev.argus.traffic.RoutingTable.Address;
import java.util.regex.Pattern;

/**
 * What an address is called in the map. HAProxy looks for the longest entry with which {@code HOST PATH /} of a request begins: the slash at the end
 * of each keeps {@code /shop} from being the beginning of {@code /shopping}.
 */
final class RouteKey {
    private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
    private static final Pattern HOST = Pattern.compile(LABEL + "(\\." + LABEL + ")*");
    /** Neither white space nor what the map file or the runtime socket gives a meaning: backslash, semicolon, number sign, quotes. */
    private static final Pattern PREFIX = Pattern.compile("/|(/[A-Za-z0-9._~%@:+,=!$&()*-]+)+");

    private static final int MOST = 1000;

    private RouteKey() {}

    /**
     * The key of an address.
     *
     * @throws ArgusException when host or prefix has another form than the one allowed here
     */
    static String of(Address address) {
        String prefix = address.pathPrefix();
        if (address.host().length() > 253 || !HOST.matcher(address.host()).matches()) {
            throw ArgusException.invalid(
                    "hosts", "The host '" + printable(address.host()) + "' is no host name in lower case; correct it.");
        }
        if (prefix.length() > MOST || !PREFIX.matcher(prefix).matches()) {
            throw ArgusException.invalid(
                    "hosts",
                    "The path '" + printable(prefix) + "' of host " + address.host()
                            + " cannot be routed by HAProxy; use letters, digits and -._~ between slashes.");
        }
        return address.host() + (prefix.equals("/") ? "/" : prefix + "/");
    }

    private static String printable(String text) {
        String visible = text.replaceAll("[^\\x20-\\x7e]", "?");
        return visible.length() > 100 ? visible.substring(0, 100) + "…" : visible;
    }
}
