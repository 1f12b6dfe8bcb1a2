package dev.argus.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argus.probe.Probed;
import dev.argus.process.Evidence;
import dev.argus.process.ProcessEvidence;
import dev.argus.process.Socket;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FindingsTest {
    private static final Instant NOW = Instant.parse("2026-11-23T02:20:35Z");

    static ProcessEvidence process(
            String state, int threads, Map<String, Integer> waits, int openFiles, List<Socket> sockets) {
        return new ProcessEvidence(
                7,
                1,
                "./app",
                state,
                threads,
                waits,
                "read of descriptor 3",
                List.of(),
                1,
                1,
                0,
                666,
                openFiles,
                100L,
                Map.of("socket", 1),
                sockets,
                sockets.size());
    }

    private static List<String> of(ProcessEvidence process) {
        return Findings.of(List.of(), new Evidence(List.of(process), List.of(), List.of(), List.of()));
    }

    @Test
    void whatAProcessDidIsSaid() {
        assertThat(of(process("stopped", 1, Map.of(), 1, List.of())))
                .containsExactly(
                        "Process 7 (./app) was stopped by a signal such as SIGSTOP, by somebody or something else than Argus.");
        assertThat(of(process("disk-wait", 1, Map.of("disk-wait in nfs_wait", 1), 1, List.of())))
                .containsExactly(
                        "Process 7 (./app) waited in the kernel for a disk or a network file system (nfs_wait).");
        assertThat(of(process("running", 1, Map.of(), 1, List.of())))
                .containsExactly("Process 7 (./app) was computing.");
        assertThat(of(process("sleeping", 1, Map.of(), 1, List.of())))
                .containsExactly("Process 7 (./app) was in read of descriptor 3.");
        assertThat(of(process("sleeping", 8, Map.of("sleeping in futex_wait_queue", 8), 1, List.of())))
                .singleElement()
                .asString()
                .contains("All 8 threads", "deadlock");
        assertThat(of(process(
                        "sleeping",
                        8,
                        Map.of("sleeping in futex_wait_queue", 7, "sleeping in ep_poll", 1),
                        1,
                        List.of())))
                .noneMatch(finding -> finding.contains("deadlock"));
    }

    @Test
    void filesAndConnectionsThatPileUpAreNoticed() {
        assertThat(of(process("sleeping", 1, Map.of(), 98, List.of())))
                .anyMatch(finding -> finding.contains("98 of at most 100 files open"));
        var listening = new Socket("tcp", "LISTEN", "127.0.0.1:80", "0.0.0.0:0", 3, 0);
        assertThat(of(process("sleeping", 1, Map.of(), 1, List.of(listening))))
                .contains("3 connections to 127.0.0.1:80 waited to be accepted by Process 7 (./app).");
        var half = new Socket("tcp", "CLOSE_WAIT", "127.0.0.1:80", "127.0.0.1:9", 0, 0);
        assertThat(of(process("sleeping", 1, Map.of(), 1, Collections.nCopies(12, half))))
                .anyMatch(finding -> finding.contains("12 connections or more") && finding.contains("CLOSE_WAIT"));
    }

    @Test
    void theLastProbeThatWasAnsweredIsTold() {
        var probes = List.of(
                new Probed(NOW, Duration.ofMillis(3), null),
                new Probed(NOW, Duration.ofMillis(1_250), null),
                new Probed(NOW, Duration.ofMillis(500), "late"),
                new Probed(NOW, Duration.ofMillis(500), "late"));
        assertThat(Findings.of(probes, Evidence.none("Nothing was found.")))
                .containsExactly(
                        "The last probe that was answered as it should be took 1.2 s, and 2 have failed since.",
                        "Nothing was found.");
        assertThat(Findings.of(probes.subList(0, 2), Evidence.none("x"))).containsExactly("x");
        assertThat(Findings.of(probes.subList(2, 4), Evidence.none("x"))).containsExactly("x");
    }

    @Test
    void evidenceThatIsTooLongLosesTheOldestLinesAndStaysWithinItsBound() {
        List<String> log = IntStream.range(0, 200)
                .mapToObj(i -> "\u0001".repeat(5_000) + i)
                .toList();
        List<String> dump =
                IntStream.range(0, 2_000).mapToObj(i -> i + "x".repeat(1_000)).toList();

        String json = EvidenceCodec.encode(7L, List.of(), new Evidence(List.of(), log, dump, List.of("a note")));

        assertThat(json.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(EvidenceCodec.LONGEST);
        var read = new JsonObject(json);
        assertThat(read.getJsonArray("dump").getString(0)).startsWith("0x");
        assertThat(read.getJsonArray("log")).isNotEmpty();
        assertThat(read.getJsonArray("notes")).containsExactly("a note");
    }

    @Test
    void evidenceIsKeptAsItWasSeen() {
        var evidence = new Evidence(
                List.of(process("sleeping", 1, Map.of("sleeping in ep_poll", 1), 1, List.of())),
                List.of("\u001b[31mred"),
                List.of(),
                List.of());
        var json = new JsonObject(
                EvidenceCodec.encode(null, List.of(new Probed(NOW, Duration.ofMillis(3), "late")), evidence));
        assertThat(json.getJsonArray("log").getString(0)).isEqualTo("\u001b[31mred");
        assertThat(json.getJsonArray("probes").getJsonObject(0).getString("at")).isEqualTo("2026-11-23T02:20:35Z");
        assertThat(json.getJsonArray("processes")
                        .getJsonObject(0)
                        .getJsonObject("waits")
                        .getMap())
                .isEqualTo(Map.of("sleeping in ep_poll", 1));
    }
}
