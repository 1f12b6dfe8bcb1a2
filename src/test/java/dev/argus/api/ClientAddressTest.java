package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argus.config.AddressRange;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ClientAddressTest {
    private static AddressRange range(String text) {
        return AddressRange.parse(text).orElseThrow();
    }

    @Test
    void whatAStrangerSaysOfWhereItComesFromIsNotBelieved() {
        assertThat(new ClientAddress(List.of()).find("203.0.113.9", "127.0.0.1"))
                .isEqualTo("203.0.113.9");
        assertThat(new ClientAddress(List.of(range("10.0.0.0/8"))).find("203.0.113.9", "127.0.0.1"))
                .isEqualTo("203.0.113.9");
    }

    @Test
    void behindOurProxiesTheLastThatIsNoneOfThemCounts() {
        var addresses = new ClientAddress(List.of(range("10.0.0.0/8"), range("::1")));
        assertThat(addresses.find("10.0.0.1", "203.0.113.9")).isEqualTo("203.0.113.9");
        assertThat(addresses.find("10.0.0.1", "1.1.1.1, 203.0.113.9, 10.2.3.4")).isEqualTo("203.0.113.9");
        assertThat(addresses.find("10.0.0.1", "203.0.113.9, evil, 10.2.3.4")).isEqualTo("10.2.3.4");
        assertThat(addresses.find("10.0.0.1", "")).isEqualTo("10.0.0.1");
        assertThat(addresses.find("0:0:0:0:0:0:0:1", "2001:db8::7")).isEqualTo("2001:db8:0:0:0:0:0:7");
    }

    @Test
    void aRangeHoldsWhatBeginsLikeItAndNothingElse() {
        assertThat(range("10.128.0.0/9").contains(InetAddress.ofLiteral("10.200.1.1")))
                .isTrue();
        assertThat(range("10.128.0.0/9").contains(InetAddress.ofLiteral("10.127.1.1")))
                .isFalse();
        assertThat(range("0.0.0.0/0").contains(InetAddress.ofLiteral("8.8.8.8")))
                .isTrue();
        assertThat(range("10.0.0.1").contains(InetAddress.ofLiteral("10.0.0.2")))
                .isFalse();
        assertThat(range("10.0.0.0/8").contains(InetAddress.ofLiteral("::1"))).isFalse();
        for (String none : List.of("", "x", "example.org", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "/8")) {
            assertThat(AddressRange.parse(none)).as(none).isEmpty();
        }
    }
}
