package dev.argus.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argus.store.Database;
import dev.argus.store.Row;
import dev.argus.store.Statement;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the real store. */
class MetricsRecordsTest {
    private static final long NOON = Range.HOUR.slot(Instant.parse("2026-11-23T12:00:00Z"));
    private static final List<String> SERVICES = List.of("web", "a-b", "x");

    @TempDir
    Path directory;

    private Database database;

    @BeforeEach
    void open() {
        database = Database.open(directory);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private long rows(String table, String condition) {
        return database.read(Statement.of("SELECT count(*) AS n FROM " + table + " WHERE " + condition))
                .getFirst()
                .number("n");
    }

    private Recording read(boolean node) {
        var recording = new Recording(node ? 4 : 5);
        for (Range range : Range.values()) {
            for (int cell = 0; cell < range.points(); cell += MetricsRecords.AT_ONCE) {
                Statement query = node ? MetricsRecords.node(range, cell) : MetricsRecords.services(range, cell);
                for (Row row : database.read(query)) {
                    recording.restore(range, MetricsRecords.slot(range, row), MetricsRecords.figures(row));
                }
            }
        }
        return recording;
    }

    private static float[] random(Random random, int columns) {
        var figures = new float[columns];
        for (int i = 0; i < columns; i++) {
            figures[i] = switch (random.nextInt(4)) {
                case 0 -> Float.NaN;
                case 1 -> 0;
                case 2 -> random.nextFloat();
                default -> random.nextFloat() * 1e12f;
            };
        }
        return figures;
    }

    @Test
    void theStoreGivesBackWhatWasPutInAndNeverHoldsMoreThanItsCells() {
        var random = new Random(4711);
        var services = new Recording(5);
        var node = new Recording(4);
        long slot = NOON;
        for (int minute = 0; minute < 1_500; minute++) {
            for (int i = 0; i < 4; i++) {
                slot += random.nextInt(300) == 0 ? random.nextInt(200_000) - 100_000 : 1;
                Map<String, float[]> figures = new HashMap<>();
                SERVICES.forEach(service -> figures.put(service, random(random, 5)));
                services.record(slot, figures);
                node.record(slot, Map.of(MetricsRecords.NODE, random(random, 4)));
            }
            database.write(MetricsRecords.save(services.save(slot), node.save(slot)));
        }
        database.write(MetricsRecords.save(services.save(null), node.save(null)));

        for (String service : SERVICES) {
            assertThat(rows("service_metrics", "service = '" + service + "'")).isBetween(240L, 240L + 288 + 336);
        }
        assertThat(rows("node_metrics", "true")).isLessThanOrEqualTo(240 + 288 + 336);
        Recording readServices = read(false);
        Recording readNode = read(true);
        for (Range range : Range.values()) {
            for (String service : SERVICES) {
                assertSame(services.points(service, range, slot), readServices.points(service, range, slot));
            }
            assertSame(
                    node.points(MetricsRecords.NODE, range, slot), readNode.points(MetricsRecords.NODE, range, slot));
        }

        database.write(List.of(MetricsRecords.forget("web")));

        assertThat(rows("service_metrics", "service = 'web'")).isZero();
        assertThat(rows("service_metrics", "service = 'x'")).isPositive();
    }

    private static void assertSame(List<float[]> expected, List<float[]> found) {
        for (int column = 0; column < expected.size(); column++) {
            assertThat(found.get(column)).containsExactly(expected.get(column));
        }
    }
}
