package dev.argus.config;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;

/**
 * Addresses that begin alike, such as {@code 10.0.0.0/8}, or a single one. Names are never looked up.
 *
 * @param bits how many of the first bits count
 */
public record AddressRange(InetAddress first, int bits) {

    /** The range in {@code text}; empty when it is none. */
    public static Optional<AddressRange> parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        try {
            InetAddress first = InetAddress.ofLiteral(address);
            int most = first.getAddress().length * 8;
            int bits = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
            return bits < 0 || bits > most ? Optional.empty() : Optional.of(new AddressRange(first, bits));
        } catch (IllegalArgumentException notAnAddress) {
            return Optional.empty();
        }
    }

    /** Whether this address is one of them. */
    public boolean contains(InetAddress address) {
        byte[] ours = first.getAddress();
        byte[] other = address.getAddress();
        if (ours.length != other.length) {
            return false;
        }
        int whole = bits / 8;
        if (!Arrays.equals(ours, 0, whole, other, 0, whole)) {
            return false;
        }
        int rest = bits % 8;
        int mask = 0xff00 >> rest & 0xff;
        return rest == 0 || (ours[whole] & mask) == (other[whole] & mask);
    }

    @Override
    public String toString() {
        return first.getHostAddress() + "/" + bits;
    }
}
