package dev.argus.traffic.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.argus.bus.ArgusException;
import dev.argus.traffic.AddressLimit;
import dev.argus.traffic.RoutingTable;
import dev.argus.traffic.RoutingTable.Address;
import dev.argus.traffic.RoutingTable.Route;
import dev.argus.traffic.RoutingTable.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {
    private static final HaproxySettings SETTINGS =
            HaproxySettings.on("127.0.0.1", 8000, AddressLimit.besides(List.of()));
    private static final String HOSTILE = "a.B0-_/ \t\n\r\\\";'#{}$%*@:;,\0é";

    @TempDir
    Path directory;

    private static RoutingTable table(String host, String prefix, String service, String instance) {
        return new RoutingTable(List.of(new Route(
                service, List.of(new Address(host, prefix)), List.of(new Target(instance, 20_000, true)), false)));
    }

    private static String text(Plan plan) {
        return String.join(
                "\n",
                Configuration.files(SETTINGS, Path.of("/x"), 8000, "abc", Optional.empty(), plan)
                        .values());
    }

    @Test
    void whateverTheNamesAreTheConfigurationIsTheSameAndTheMapHasOneLineForEachAddress() {
        var random = new Random(42);
        String plain = text(Plan.EMPTY.next(table("a.com", "/", "service", "instance")));
        int accepted = 0;
        for (int i = 0; i < 20_000; i++) {
            String host = word(random);
            String prefix = "/" + word(random);
            try {
                Plan plan = Plan.EMPTY.next(table(host, prefix, word(random), word(random)));
                accepted++;
                assertThat(text(plan)).isEqualTo(plain);
                assertThat(Configuration.routes(plan)).matches("[a-z0-9.-]+/([!-~]+/)? b0\n");
                assertThat(Configuration.routes(plan)).doesNotContain("\\", ";", "#", "\"", "'", "\r", "\t", "\0");
            } catch (ArgusException e) {
                assertThat(e.sentence()).doesNotContainPattern("[\\x00-\\x1f]");
            }
        }
        assertThat(accepted).isGreaterThan(10);
    }

    private static String word(Random random) {
        return random.ints(random.nextInt(1, 6), 0, HOSTILE.length())
                .map(index -> random.nextInt(3) == 0 ? HOSTILE.charAt(index) : 'a')
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a.com; } server { listen 81",
                "a.com\nacl x",
                "*",
                "*.a.com",
                "",
                "A.com",
                "a..com",
                "-a.com",
                "a.com.",
                "a.com:80",
                "a com",
                "a.com/x",
                "ä.com",
                "${HOME}",
                "a_b.com"
            })
    void aHostThatIsNoneIsRefused(String host) {
        assertThatThrownBy(() -> RouteKey.of(new Address(host, "/")))
                .isInstanceOf(ArgusException.class)
                .hasMessageContaining("host");
    }

    @Test
    void aHostLongerThanAnyNameIsRefusedAndPunycodeIsNot() {
        assertThatThrownBy(() -> RouteKey.of(new Address("a.".repeat(127) + "a", "/")))
                .isInstanceOf(ArgusException.class);
        assertThatCode(() -> RouteKey.of(new Address("xn--bcher-kva.example", "/")))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "/a/", "//", "/a b", "/a\n", "/a;b", "/a#b", "/a\\b", "/\"", "/a?b", "/é"})
    void aPrefixOfAnotherFormIsRefused(String prefix) {
        assertThatThrownBy(() -> RouteKey.of(new Address("a.com", prefix))).isInstanceOf(ArgusException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\nbind *:1", "${HOME}", "a;b", "-", "a#b", "\"a\"", "a,b"})
    void anAddressToListenOnThatIsNoneIsRefused(String host) {
        assertThatThrownBy(() -> HaproxySettings.on(host, 8000, AddressLimit.besides(List.of())))
                .isInstanceOf(ArgusException.class)
                .hasMessageContaining("listen");
    }

    @Test
    void haproxyAcceptsWhatIsWritten() throws Exception {
        Program program = Program.find("/usr/sbin:/usr/local/sbin:/usr/bin", directory);
        for (String host : List.of("127.0.0.1", "*", "::1", "localhost")) {
            Plan plan = Plan.EMPTY.next(table("a.com", "/x", "service", "instance"));
            new Deposit(directory, new HaproxySettings(host, 8000, Duration.ofSeconds(1), 10)).lay(program, 8000, plan);
            assertThat(Files.readString(directory.resolve("haproxy.cfg"))).contains("server s1 127.0.0.1:20000\n");
        }
    }

    @Test
    void withoutHaproxyOneSentenceSaysWhatToDo() {
        assertThatThrownBy(() -> Program.find(directory.toString(), directory))
                .isInstanceOf(ArgusException.class)
                .hasMessageContaining("apt install haproxy")
                .hasMessageContaining("embedded");
    }

    @Test
    void whatHaproxyComplainsOfIsOneSentence() {
        assertThat(Program.said("[NOTICE] (1) : x\n[ALERT]    (12) : config : broken\n"))
                .isEqualTo("broken.");
    }
}
