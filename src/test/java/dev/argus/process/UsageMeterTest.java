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
    void processorTimeAddsUpOverProcessesThatFollowOneAnother() throws Exception {
        try (var instances = new Instances(directory)) {
            var meter = new UsageMeter();
            long first = spent(meter, instances.sh("while :; do :; done").service(), 0);

            long second = spent(meter, instances.sh("while :; do :; done").service(), first);

            assertThat(meter.measure(List.of()).cpuMillis()).isEqualTo(second);
        }
    }

    /** What the meter says once this process has spent a tenth of a second. */
    private static long spent(UsageMeter meter, ProcessIdentity process, long before) {
        return await().atMost(Instances.SOON)
                .until(() -> meter.measure(List.of(process)).cpuMillis(), spent -> spent >= before + 100);
    }

    @Test
    void whoAsksAgainAtOnceGetsTheSameFigure() throws Exception {
        try (var instances = new Instances(directory)) {
            List<ProcessIdentity> busy =
                    List.of(instances.sh("while :; do :; done").service());
            var meter = new UsageMeter();
            double figure = await().atMost(Instances.SOON)
                    .until(() -> meter.measure(busy).cpuPercent(), percent -> percent > 0);

            assertThat(meter.measure(busy).cpuPercent()).isEqualTo(figure);
        }
    }

    @Test
    void whatIsGoneUsesNothing() {
        var meter = new UsageMeter();
        var gone = new ProcessIdentity(1, 1, "another-boot");

        assertThat(meter.measure(List.of(gone))).isEqualTo(new UsageMeter.Usage(0, 0, 0));
        assertThat(meter.measure(List.of())).isEqualTo(new UsageMeter.Usage(0, 0, 0));
    }
}
