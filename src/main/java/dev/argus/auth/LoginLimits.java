package dev.argus.auth;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How often somebody may try to sign in. Both an account and an address have some attempts free; each one more that fails makes them wait longer, up to
 * half a minute, and after a quarter of an hour without one all is forgotten. So nobody is ever locked out for good. An address from which
 * somebody has signed in to an account before has its own count for that account: strangers who try it from elsewhere do not make its owner wait.
 *
 * <p>An attempt counts from its beginning, so that many at once are not free. In memory, bounded; for one thread at a time, and pure but for
 * what it remembers: time is given.
 */
public final class LoginLimits {
    static final int FREE_OF_AN_ACCOUNT = 5;
    static final int FREE_OF_AN_ADDRESS = 20;
    static final Duration LONGEST = Duration.ofSeconds(30);
    static final Duration FORGET = Duration.ofMinutes(15);
    static final int MOST = 10_000;

    private static final long FIRST_WAIT = Duration.ofSeconds(1).toNanos();
    private static final int MOST_DOUBLINGS = 10;

    private final Map<String, Tally> tallies = new Bounded<>();
    private final Map<String, Boolean> known = new Bounded<>();

    private record Tally(int failures, long last, long blockedUntil) {}

    /** The least recently used are forgotten first. */
    private static final class Bounded<V> extends LinkedHashMap<String, V> {
        private static final long serialVersionUID = 1L;

        Bounded() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
            return size() > MOST;
        }
    }

    /**
     * Begins an attempt, or says how long to wait with it.
     *
     * @param account null for a one-time link, which cannot be guessed
     * @param now of a clock that only goes forward, in nanoseconds
     * @return zero when the attempt may be made; otherwise it must not, and does not count
     */
    public Duration attempt(@Nullable String account, String address, long now) {
        String byAddress = address(account, address);
        String byAccount = account == null ? null : account(account, address);
        long wait = Math.max(wait(byAddress, now), byAccount == null ? 0 : wait(byAccount, now));
        if (wait > 0) {
            return Duration.ofNanos(wait);
        }
        count(byAddress, FREE_OF_AN_ADDRESS, now);
        if (byAccount != null) {
            count(byAccount, FREE_OF_AN_ACCOUNT, now);
        }
        return Duration.ZERO;
    }

    /** Ends an attempt that was right. */
    public void succeeded(@Nullable String account, String address) {
        tallies.remove(address(account, address));
        if (account != null) {
            tallies.remove(account(account, address));
            known.put(pair(account, address), true);
        }
    }

    private static String address(@Nullable String account, String address) {
        return (account == null ? "link " : "address ") + network(address);
    }

    private String account(String account, String address) {
        String pair = pair(account, address);
        return known.containsKey(pair) ? pair : "account " + account;
    }

    private static String pair(String account, String address) {
        return "account " + account + " from " + network(address);
    }

    /** Who has one address of IPv6 has a network of them, so that its first half counts. */
    private static String network(String address) {
        String[] parts = address.split(":", -1);
        return parts.length < 8 ? address : String.join(":", parts[0], parts[1], parts[2], parts[3]);
    }

    private long wait(String key, long now) {
        Tally tally = tallies.get(key);
        return tally == null ? 0 : Math.max(0, tally.blockedUntil - now);
    }

    private void count(String key, int free, long now) {
        Tally before = tallies.get(key);
        int failures = before == null || now - before.last > FORGET.toNanos() ? 1 : before.failures + 1;
        long wait = failures < free
                ? 0
                : Math.min(LONGEST.toNanos(), FIRST_WAIT << Math.min(MOST_DOUBLINGS, failures - free));
        tallies.put(key, new Tally(failures, now, now + wait));
    }
}
