package dev.argus.metrics;

import dev.argus.metrics.Recording.Page;
import dev.argus.store.Row;
import dev.argus.store.Statement;
import io.vertx.core.json.JsonArray;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The SQL of metrics. All services of a slot stand side by side in the file and go as one JSON array through one statement: so a minute of two hundred
 * services touches some ten pages.
 */
final class MetricsRecords {
    /** How many slots are read at once, so that the store has time for others in between. */
    static final int AT_ONCE = 48;

    private static final String SERVICE_COLUMNS = "cpu, memory, probe, requests, errors";
    private static final String NODE_COLUMNS = "cpu, memory, disk, load";
    /** The subject of the recording of the machine. */
    static final String NODE = "";

    private MetricsRecords() {}

    /** Puts pages in the place of what is in their cells. */
    static List<Statement> save(List<Page> services, List<Page> node) {
        List<Statement> statements = new ArrayList<>();
        for (Page page : services) {
            statements.add(Statement.of(
                    "DELETE FROM service_metrics WHERE step = ? AND cell = ?", step(page.range()), page.cell()));
            if (!page.figures().isEmpty()) {
                statements.add(Statement.of(
                        "INSERT INTO service_metrics (step, cell, at, service, " + SERVICE_COLUMNS + ") SELECT ?, ?, ?,"
                                + " value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 FROM json_each(?)",
                        step(page.range()),
                        page.cell(),
                        at(page),
                        json(page)));
            }
        }
        for (Page page : node) {
            float[] figures = page.figures().get(NODE);
            if (figures != null) {
                List<Object> parameters = new ArrayList<>(List.of(step(page.range()), page.cell(), at(page)));
                for (float figure : figures) {
                    // SQLite makes NULL of what is no number
                    parameters.add((double) figure);
                }
                statements.add(new Statement(
                        "INSERT OR REPLACE INTO node_metrics (step, cell, at, " + NODE_COLUMNS
                                + ") VALUES (?, ?, ?, ?, ?, ?, ?)",
                        List.copyOf(parameters)));
            }
        }
        return statements;
    }

    private static long step(Range range) {
        return range.step().toSeconds();
    }

    private static long at(Page page) {
        return page.range().at(page.slot()).toEpochMilli();
    }

    private static String json(Page page) {
        var rows = new JsonArray();
        page.figures().forEach((service, figures) -> {
            var row = new JsonArray().add(service);
            for (float figure : figures) {
                if (Float.isNaN(figure)) {
                    row.addNull();
                } else {
                    row.add(figure);
                }
            }
            rows.add(row);
        });
        return rows.encode();
    }

    /** The services of some cells, one row for each. */
    static Statement services(Range range, int fromCell) {
        return Statement.of(
                "SELECT at, json_group_array(json_array(service, " + SERVICE_COLUMNS
                        + ")) AS figures FROM service_metrics"
                        + " WHERE step = ? AND cell >= ? AND cell < ? GROUP BY cell",
                step(range),
                fromCell,
                fromCell + AT_ONCE);
    }

    /** The machine in some cells. */
    static Statement node(Range range, int fromCell) {
        return Statement.of(
                "SELECT at, json_array(json_array('" + NODE + "', " + NODE_COLUMNS + ")) AS figures FROM node_metrics"
                        + " WHERE step = ? AND cell >= ? AND cell < ?",
                step(range),
                fromCell,
                fromCell + AT_ONCE);
    }

    static long slot(Range range, Row row) {
        return range.slot(Instant.ofEpochMilli(row.number("at")));
    }

    /** By subject. */
    static Map<String, float[]> figures(Row row) {
        Map<String, float[]> all = new HashMap<>();
        for (Object each : new JsonArray(row.text("figures"))) {
            var values = (JsonArray) each;
            var figures = new float[values.size() - 1];
            for (int i = 0; i < figures.length; i++) {
                Float figure = values.getFloat(i + 1);
                figures[i] = figure == null ? Float.NaN : figure;
            }
            all.put(values.getString(0), figures);
        }
        return all;
    }

    /** All of a service that is gone. */
    static Statement forget(String service) {
        return Statement.of("DELETE FROM service_metrics WHERE service = ?", service);
    }
}
