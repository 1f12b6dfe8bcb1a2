package dev.argus.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LoginLimitsTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final LoginLimits limits = new LoginLimits();

    private Duration fail(String account, String address, long now) {
        return limits.attempt(account, address, now);
    }

    @Test
    void anAccountHasSomeAttemptsFreeThenEachOneMoreWaitsLongerUpToABound() {
        long now = 7;
        for (int i = 0; i < LoginLimits.FREE_OF_AN_ACCOUNT; i++) {
            assertThat(fail("ann", "10.0.0." + i, now)).isZero();
        }
        Duration before = Duration.ZERO;
        for (int i = 0; i < 10; i++) {
            Duration wait = fail("ann", "10.0.1." + i, now);
            assertThat(wait).isPositive().isGreaterThanOrEqualTo(before).isLessThanOrEqualTo(LoginLimits.LONGEST);
            before = wait;
            now += wait.toNanos();
            assertThat(fail("ann", "10.0.2." + i, now)).as("after the wait").isZero();
        }
        assertThat(before).isEqualTo(LoginLimits.LONGEST);
        assertThat(fail("bob", "10.0.3.1", now)).as("another account").isZero();
    }

    @Test
    void anAddressIsLimitedOverAllAccounts() {
        for (int i = 0; i < LoginLimits.FREE_OF_AN_ADDRESS; i++) {
            assertThat(fail("user" + i, "10.0.0.1", 0)).isZero();
        }
        assertThat(fail("another", "10.0.0.1", 0)).isPositive();
        assertThat(fail("another", "10.0.0.2", 0)).isZero();
        assertThat(limits.attempt(null, "10.0.0.1", 0))
                .as("a link, which cannot be guessed")
                .isZero();
    }

    @Test
    void theNetworkCountsOfAnAddressOfVersionSix() {
        for (int i = 0; i < LoginLimits.FREE_OF_AN_ADDRESS; i++) {
            fail("user" + i, "2001:db8:0:1:0:0:0:" + i, 0);
        }
        assertThat(fail("another", "2001:db8:0:1:9:9:9:9", 0)).isPositive();
        assertThat(fail("another", "2001:db8:0:2:0:0:0:1", 0)).isZero();
    }

    @Test
    void strangersDoNotKeepTheOwnerOutOfTheAddressItIsKnownFrom() {
        limits.attempt("admin", "192.0.2.7", 0);
        limits.succeeded("admin", "192.0.2.7");
        for (int i = 0; i < 100; i++) {
            fail("admin", "10.0." + i + ".1", 0);
        }
        assertThat(fail("admin", "10.9.9.9", 0)).isPositive();
        assertThat(fail("admin", "192.0.2.7", 0)).isZero();
    }

    @Test
    void whoWasRightBeginsAnewAndWhoRestsIsForgotten() {
        for (int i = 0; i < 50; i++) {
            fail("ann", "10.0.0.1", 0);
        }
        long later = LoginLimits.FORGET.toNanos() + 40 * SECOND;
        for (int i = 0; i < LoginLimits.FREE_OF_AN_ACCOUNT - 1; i++) {
            assertThat(fail("ann", "10.0.0.1", later)).isZero();
        }
        limits.succeeded("ann", "10.0.0.1");
        assertThat(fail("ann", "10.0.0.1", later)).isZero();
    }

    @Test
    void nobodyEverWaitsLongerThanTheBoundWhateverOthersDo() {
        var random = new Random(42);
        long now = 0;
        for (int i = 0; i < 200_000; i++) {
            now += random.nextLong(SECOND);
            Duration wait = fail("u" + random.nextInt(20_000), "10.0." + random.nextInt(20) + ".1", now);
            assertThat(wait).isLessThanOrEqualTo(LoginLimits.LONGEST);
        }
    }
}
