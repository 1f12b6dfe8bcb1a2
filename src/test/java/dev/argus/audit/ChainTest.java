package dev.argus.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argus.store.Database;
import dev.argus.store.Statement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChainTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private static AuditEntry entry(String detail) {
        return new AuditEntry(
                Instant.ofEpochMilli(1_764_000_000_000L), "ann", "stop", "web", "202", detail, "10.0.0.1");
    }

    private void records(int count) {
        try (var database = Database.open(directory)) {
            for (int i = 1; i <= count; i++) {
                database.write(List.of(AuditRecords.append(entry("number " + i))));
            }
        }
    }

    private Verification verify() {
        try (var database = Database.open(directory)) {
            var chain = new Chain(database.read(AuditRecords.ends()).getFirst());
            boolean more = true;
            while (more) {
                more = chain.follow(database.read(AuditRecords.links(chain.position(), Chain.PAGE)));
            }
            return chain.verification();
        }
    }

    private void change(String sql) throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve(Database.FILE));
                var statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).as(sql).isPositive();
        }
    }

    @Test
    void whatNobodyTouchedIsWhole() {
        assertThat(verify().whole()).as("of nothing").isTrue();
        records(5);
        Verification found = verify();
        assertThat(found.whole()).as(String.valueOf(found.finding())).isTrue();
        assertThat(found.records()).isEqualTo(5);
        assertThat(found.first()).isEqualTo(1);
        assertThat(found.last()).isEqualTo(5);
        assertThat(found.head()).matches("[0-9a-f]{64}");
    }

    @Test
    void oneChangedByteInTheFileIsFound() throws IOException {
        records(20);
        Path file = directory.resolve(Database.FILE);
        byte[] good = Files.readAllBytes(file);
        byte[] wanted = "number 13".getBytes(StandardCharsets.US_ASCII);
        int at = find(good, wanted) + wanted.length - 1;
        good[at] ^= 1;
        Files.write(file, good);

        Verification found = verify();

        assertThat(found.whole()).isFalse();
        assertThat(found.finding()).isEqualTo("Record 13 was changed.");
        assertThat(found.last()).isEqualTo(12);
    }

    private static int find(byte[] where, byte[] what) {
        for (int i = 0; i < where.length - what.length; i++) {
            if (java.util.Arrays.equals(where, i, i + what.length, what, 0, what.length)) {
                return i;
            }
        }
        throw new AssertionError("not in the file");
    }

    @Test
    void everyWayToFalsifyARecordIsFound() throws Exception {
        List<String> ways = List.of(
                "UPDATE audit SET actor = 'bob' WHERE sequence = 3",
                "UPDATE audit SET at = at + 1 WHERE sequence = 3",
                "UPDATE audit SET service = NULL WHERE sequence = 3",
                "UPDATE audit SET result = '403' WHERE sequence = 1",
                "UPDATE audit SET address = '' WHERE sequence = 6",
                "UPDATE audit SET hash = '' WHERE sequence = 3",
                "UPDATE audit SET previous = '', hash = ''",
                "UPDATE audit SET previous = '' WHERE sequence = 3",
                "DELETE FROM audit WHERE sequence = 3",
                "DELETE FROM audit WHERE sequence <= 2",
                "DELETE FROM audit WHERE sequence = 6",
                "DELETE FROM audit",
                "UPDATE audit SET sequence = 9 WHERE sequence = 6",
                "UPDATE meta SET value = '2:' WHERE key = 'audit.anchor'",
                "UPDATE meta SET value = 'x' WHERE key = 'audit.anchor'");
        for (String way : ways) {
            Files.deleteIfExists(directory.resolve(Database.FILE));
            records(6);
            change(way);
            assertThat(verify().finding()).as(way).isNotNull();
        }
    }

    @Test
    void aRecordReplacedTogetherWithItsHashIsFoundByTheNext() throws Exception {
        records(6);
        try (var database = Database.open(directory)) {
            database.write(
                    List.of(Statement.of("UPDATE audit SET actor = 'bob', hash = argus_sha256(previous || json_array("
                            + "sequence, at, 'bob', action, service, result, detail, address)) WHERE sequence = 3")));
        }
        assertThat(verify().finding()).contains("Record 4 does not follow");
    }

    @Test
    void severalProcessesAddToOneChain() throws Exception {
        Database.open(directory).close();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Object>> writers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                writers.add(Executors.callable(() -> records(25)));
            }
            for (var done : threads.invokeAll(writers)) {
                done.get();
            }
        }
        assertThat(verify().finding()).isNull();
        assertThat(verify().records()).isEqualTo(100);
    }

    @Test
    void theChainIsWholeWhenTheOldestAreForgottenAtAnyMoment() {
        var random = new Random(7);
        try (var database = Database.open(directory)) {
            for (int i = 1; i <= 200; i++) {
                int kept = 1 + random.nextInt(20);
                database.write(List.of(
                        AuditRecords.append(entry("number " + i)),
                        AuditRecords.anchor(kept),
                        AuditRecords.forget(kept)));
                var chain = new Chain(database.read(AuditRecords.ends()).getFirst());
                chain.follow(database.read(AuditRecords.links(chain.position(), Chain.PAGE)));
                assertThat(chain.verification().finding()).isNull();
                assertThat(chain.verification().last()).isEqualTo(i);
            }
        }
    }

    @Test
    void recordsFromBeforeTheChainStayAndAreCounted() throws Exception {
        Database.open(directory).close();
        change("INSERT INTO audit (at, actor, action, service, result) VALUES (1, 'ann', 'stop', 'web', '202'),"
                + " (2, 'ann', 'start', 'web', '202')");
        change("UPDATE meta SET value = '2' WHERE key = 'audit.unchained'");
        records(3);
        Verification found = verify();
        assertThat(found.finding()).isNull();
        assertThat(found.unchained()).isEqualTo(2);
        assertThat(found.records()).isEqualTo(5);
    }
}
