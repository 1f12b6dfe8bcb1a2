package dev.argus.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ResourceLimitsTest {
    private static final ResourceLimits ALL =
            new ResourceLimits(Optional.of(64L << 20), Optional.of(0.5), Optional.of(32));

    @Test
    void eachLimitIsWrittenAsTheKernelWantsItAndTheShimIsNotCounted() {
        assertThat(ALL.files(ResourceLimits.CONTROLLERS))
                .containsExactly(
                        Map.entry("memory.max", "67108864"),
                        Map.entry("memory.swap.max", "0"),
                        Map.entry("memory.oom.group", "1"),
                        Map.entry("cpu.max", "50000 100000"),
                        Map.entry("pids.max", "33"));
    }

    @Test
    void whatIsNotLimitedIsFreedSinceALimitOfBeforeMayStillHold() {
        assertThat(ResourceLimits.NONE.files(ResourceLimits.CONTROLLERS))
                .containsEntry("memory.max", "max")
                .containsEntry("memory.swap.max", "max")
                .containsEntry("memory.oom.group", "0")
                .containsEntry("cpu.max", "max 100000")
                .containsEntry("pids.max", "max");
    }

    @Test
    void aShareTooSmallForTheKernelBecomesTheSmallestItTakes() {
        var limits = new ResourceLimits(Optional.empty(), Optional.of(0.001), Optional.empty());

        assertThat(limits.files(Set.of("cpu"))).containsExactly(Map.entry("cpu.max", "1000 100000"));
    }

    @Test
    void onlyFilesOfControllersThatAreThereAreWritten() {
        assertThat(ALL.files(Set.of("pids"))).containsOnlyKeys("pids.max");
        assertThat(ALL.files(Set.of())).isEmpty();
    }

    @Test
    void whatIsAskedForInVainIsNamed() {
        assertThat(ALL.without(Set.of())).isEqualTo("memory, cpus and tasks");
        assertThat(ALL.without(Set.of("memory"))).isEqualTo("cpus and tasks");
        assertThat(ALL.without(Set.of("memory", "cpu"))).isEqualTo("tasks");
        assertThat(ALL.without(ResourceLimits.CONTROLLERS)).isEmpty();
        assertThat(ResourceLimits.NONE.without(Set.of())).isEmpty();
    }
}
