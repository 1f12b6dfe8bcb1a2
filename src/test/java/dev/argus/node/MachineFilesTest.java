package dev.argus.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineFilesTest {
    private static final String STAT = "cpu  100 20 30 800 50 6 7 8 90 10\ncpu0 1 2 3 4 5 6 7 8 9 10\n";
    private static final String MEMINFO = "MemTotal:  1000 kB\nMemFree: 1 kB\nMemAvailable:     400 kB\n";

    @TempDir
    Path directory;

    @Test
    void waitingIsIdleAndGuestsAreNotCountedTwice() throws IOException {
        assertThat(MachineFiles.parse(STAT, MEMINFO, "0.25 0.10 0.05 1/200 4711\n", 5))
                .isEqualTo(new NodeSample(171, 1_021, 600 * 1024, 5, 0.25));
    }

    @Test
    void filesOfAnotherFormAreAFailureThatSaysSo() {
        for (String stat : new String[] {"", "cpu", "cpu  1 2", "intr 5 5 5 5 5 5 5 5", "cpu  1 2 3 x 5 6 7 8"}) {
            assertThatThrownBy(() -> MachineFiles.parse(stat, MEMINFO, "0 0", 0))
                    .isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> MachineFiles.parse(STAT, "MemTotal: 5 kB\n", "0 0", 0))
                .hasMessageContaining("MemAvailable");
        assertThatThrownBy(() -> MachineFiles.parse(STAT, MEMINFO, "", 0)).isInstanceOf(IOException.class);
    }

    @Test
    void thisMachineUsesSomethingOfEverything() throws IOException {
        NodeSample sample = MachineFiles.sample(directory);

        assertThat(sample.busyTicks()).isPositive().isLessThan(sample.allTicks());
        assertThat(sample.memoryUsed()).isPositive();
        assertThat(sample.diskUsed()).isPositive();
    }
}
