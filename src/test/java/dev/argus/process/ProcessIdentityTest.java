package dev.argus.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessIdentityTest {
    private static final String REST =
            " S 10 20 30 0 -1 4194304 1 2 3 4 50 60 7 8 20 0 1 0 4711 999424 123 18446744073709551615 1 1";

    @TempDir
    Path directory;

    @Test
    void aNameWithSpacesAndParenthesesDoesNotShiftTheFields() {
        for (String name : List.of("a", "a b", ") S 1 (", "a)", "((", "", "line\nend", "\u00ff\u0001")) {
            assertThat(ProcessStat.parse("7 (" + name + ")" + REST))
                    .contains(new ProcessStat(7, name, 'S', 10, 20, 30, 110, 4711, 123));
        }
    }

    @Test
    void aTornLineIsNoProcess() {
        String line = "7 (a b)" + REST;
        for (int end = 0; end < line.indexOf("4711"); end++) {
            assertThat(ProcessStat.parse(line.substring(0, end)))
                    .as("first %d", end)
                    .isEmpty();
        }
    }

    @Test
    void damagedLinesNeverThrow() {
        var random = new Random(20261123);
        for (int round = 0; round < 2000; round++) {
            var line = new StringBuilder("7 (a b)" + REST);
            for (int i = 0; i < 3; i++) {
                line.setCharAt(random.nextInt(line.length()), (char) random.nextInt(128));
            }
            assertThat(ProcessStat.parse(line.toString())).isNotNull();
            assertThat(ProcessIdentity.parse(line.toString())).isEmpty();
        }
    }

    @Test
    void aRecordedIdentityIsReadBackAndATornOneIsNot() {
        var identity = ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow();
        String line = identity.line();

        assertThat(ProcessIdentity.parse(line)).contains(identity);
        for (int end = 0; end < line.length(); end++) {
            assertThat(ProcessIdentity.parse(line.substring(0, end))).isEmpty();
        }
    }

    @Test
    void thisProcessIsAliveAndOneOfAnotherBootIsNot() {
        var identity = ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow();

        assertThat(identity.isAlive()).isTrue();
        assertThat(new ProcessIdentity(identity.pid(), identity.startTicks(), "another-boot").isAlive())
                .isFalse();
    }

    @Test
    void aPidThatBelongsToAnotherProcessIsNeverSignalled() throws Exception {
        try (var instances = new Instances(directory)) {
            var instance = instances.launch(List.of("sleep", "60"));
            ProcessIdentity service = instance.service();
            var earlier = new ProcessIdentity(service.pid(), service.startTicks() - 1, service.bootId());
            var otherBoot = new ProcessIdentity(service.pid(), service.startTicks(), "another-boot");

            assertThat(Signal.KILL.send(earlier)).isFalse();
            assertThat(Signal.KILL.send(otherBoot)).isFalse();

            assertThat(service.isAlive()).isTrue();
            assertThat(instance.exit()).isNotDone();
        }
    }

    @Test
    void aZombieCountsAsDead() throws IOException {
        // Nobody waits for this child of ours until the end of the test.
        var spawned = PosixSpawner.create()
                .orElseThrow()
                .spawn(
                        List.of("/bin/sh", "-c", "exit 4"),
                        Map.of(),
                        directory,
                        directory.resolve("zombie.log"),
                        Optional.empty());
        ProcessIdentity zombie = spawned.identity();
        await().atMost(Instances.SOON)
                .until(() ->
                        ProcessStat.of(zombie.pid()).map(ProcessStat::state).orElse('?') == 'Z');

        assertThat(zombie.isAlive()).isFalse();
        assertThat(ProcessIdentity.of(zombie.pid())).isEmpty();
        assertThat(zombie.stat()).isPresent();
        assertThat(Libc.reap(zombie.pid()).map(Exit::ofWait)).contains(new Exit.Status(4));
        assertThat(zombie.stat()).isEmpty();
    }

    @Test
    void exitsAreToldInWords() {
        assertThat(new Exit.Status(2).describe()).isEqualTo("exit status 2");
        assertThat(new Exit.Status(127).describe()).isEqualTo("exit status 127 (usually: command not found)");
        assertThat(new Exit.Killed(9).describe()).isEqualTo("killed by signal 9 (SIGKILL)");
        assertThat(new Exit.Killed(40).describe()).isEqualTo("killed by signal 40");
        assertThat(new Exit.Unknown().describe()).isEqualTo("exit status unknown");
        assertThat(Exit.ofShell(137)).isEqualTo(new Exit.Killed(9));
        assertThat(Exit.ofShell(255)).isEqualTo(new Exit.Status(255));
    }
}
