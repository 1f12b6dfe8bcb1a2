package dev.argus.traffic;

import dev.argus.config.AddressRange;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * How many connections of visitors may come from one address, so that no single one can keep out all others.
 *
 * @param most of one address, at least 1
 * @param proxies from where there may be more, as many visitors come through them
 */
public record AddressLimit(int most, List<AddressRange> proxies) {
    /** A fifth of what the proxy of Argus takes in all; an office behind one address, with six connections for each browser, needs some hundreds. */
    private static final int MOST = 2_000;

    private static final List<AddressRange> THIS_HOST = Stream.of("127.0.0.0/8", "::1")
            .flatMap(range -> AddressRange.parse(range).stream())
            .toList();

    /** @throws IllegalArgumentException when nobody could come */
    public AddressLimit {
        if (most < 1) {
            throw new IllegalArgumentException("one connection at least must be possible, not " + most);
        }
        proxies = List.copyOf(proxies);
    }

    /** The limit for everybody but this host and these proxies. */
    public static AddressLimit besides(List<AddressRange> proxies) {
        return new AddressLimit(
                MOST, Stream.concat(THIS_HOST.stream(), proxies.stream()).toList());
    }

    /** Whether an address that has so many connections already may open one more. */
    public boolean admits(InetAddress address, int open) {
        return open < most || proxies.stream().anyMatch(range -> range.contains(address));
    }
}
