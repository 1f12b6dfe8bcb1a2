package dev.argus.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlGroupPlaceTest {
    private static final String UNIFIED = """
            22 1 0:21 / /sys rw,nosuid - sysfs sysfs rw
            29 22 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw
            """;
    private static final String HYBRID = """
            30 29 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
            38 29 0:35 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw,nsdelegate
            """;

    @Test
    void theGroupOfAServiceOfSystemdIsFoundBelowTheMount() {
        assertThat(ControlGroupPlace.find("0::/system.slice/argus.service\n", UNIFIED))
                .contains(new ControlGroupPlace(
                        Path.of("/sys/fs/cgroup/system.slice/argus.service"), "/system.slice/argus.service", false));
    }

    @Test
    void theGroupIntoWhichArgusItselfMovedIsNotTaken() {
        assertThat(ControlGroupPlace.find("0::/system.slice/argus.service/argus-server\n", UNIFIED))
                .map(ControlGroupPlace::path)
                .contains("/system.slice/argus.service");
        assertThat(ControlGroupPlace.find("0::/argus-server\n", UNIFIED))
                .contains(new ControlGroupPlace(Path.of("/sys/fs/cgroup"), "/", true));
    }

    @Test
    void besideVersionOneTheUnifiedTreeIsTaken() {
        assertThat(ControlGroupPlace.find("4:memory:/a\n1:name=systemd:/b\n0::/\n", HYBRID))
                .contains(new ControlGroupPlace(Path.of("/sys/fs/cgroup/unified"), "/", true));
    }

    @Test
    void ofAContainerOnlyWhatIsMountedThereCounts() {
        String mount = "29 22 0:26 /docker/abc /sys/fs/cgroup\\040here rw - cgroup2 cgroup rw\n";

        assertThat(ControlGroupPlace.find("0::/docker/abc/inner\n", mount))
                .contains(new ControlGroupPlace(Path.of("/sys/fs/cgroup here/inner"), "/docker/abc/inner", false));
        assertThat(ControlGroupPlace.find("0::/docker/abc\n", mount))
                .map(ControlGroupPlace::top)
                .contains(true);
        assertThat(ControlGroupPlace.find("0::/docker/abcdef\n", mount)).isEmpty();
        assertThat(ControlGroupPlace.find("0::/../outside\n", UNIFIED)).isEmpty();
    }

    @Test
    void aMachineOfVersionOneAloneHasNone() {
        assertThat(ControlGroupPlace.find("4:memory:/a\n", HYBRID)).isEmpty();
        assertThat(ControlGroupPlace.find("0::/\n", "30 29 0:27 / /x rw - cgroup cgroup rw,memory\n"))
                .isEmpty();
    }

    @Test
    void theControllersThatVersionOneKeepsAreNamed() {
        assertThat(ControlGroupPlace.controllersOfVersionOne("9:name=systemd:/\n4:memory:/\n3:cpu,cpuacct:/\n0::/\n"))
                .containsExactly("cpu", "memory");
        assertThat(ControlGroupPlace.controllersOfVersionOne("0::/x\n")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void damagedTextIsNoPlaceAndNoFault(long seed) {
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        String own = "4:memory:/a\n0::/system.slice/argus.service\n";
        for (int i = 0; i < 3_000; i++) {
            String cut = own.substring(random.nextInt(own.length()));
            String mounts = UNIFIED.substring(0, random.nextInt(UNIFIED.length()));
            ControlGroupPlace.find(cut, mounts)
                    .ifPresent(place -> assertThat(place.directory()).isAbsolute());
            ControlGroupPlace.controllersOfVersionOne(cut);
        }
    }
}
