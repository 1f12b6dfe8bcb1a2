package dev.argus.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageMeterTest {
    @TempDir
    Path directory;

    @Test
    void aBusyProcessUsesProcessorAndMemoryAndASleepingOneNone() throws Exception {
        try (var instances = new Instances(directory)) {
            var busy = instances.sh("while :; do :; done");
            var idle = instances.launch(List.of("sleep", "60"));
            var busyMeter = new UsageMeter();
            var idleMeter = new UsageMeter();
            List<ProcessIdentity> busyProcess = List.of(busy.service());
            assertThat(busyMeter.measure(busyProcess).cpuPercent()).isZero();
            idleMeter.measure(List.of(idle.service()));
            long before = busy.service().stat().orElseThrow().cpuTicks();

            await().atMost(Instances.SOON)
                    .until(() -> busyProcess.getFirst().stat().orElseThrow().cpuTicks() > before + 10);

            var used = busyMeter.measure(busyProcess);
            assertThat(used.cpuPercent()).isBetween(1.0, 130.0);
            assertThat(used.rssBytes()).isBetween(100_000L, 100_000_000L);
            assertThat(idleMeter.measure(List.of(idle.service())).cpuPercent()).isLessThan(5);
        }
    }

    @Test
    void whatIsGoneUsesNothing() {
        var meter = new UsageMeter();
        var gone = new ProcessIdentity(1, 1, "another-boot");

        assertThat(meter.measure(List.of(gone))).isEqualTo(new UsageMeter.Usage(0, 0));
        assertThat(meter.measure(List.of())).isEqualTo(new UsageMeter.Usage(0, 0));
    }
}
