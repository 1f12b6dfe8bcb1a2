package dev.argus.traffic.haproxy;

import java.util.List;
import java.util.stream.Stream;

/** Reads the CSV of {@code show stat}. */
final class Stat {
    private static final int PROXY = 0;
    private static final int SERVER = 1;

    private Stat() {}

    /**
     * One line.
     *
     * @param names of all columns
     */
    record Row(List<String> names, List<String> values) {
        String proxy() {
            return values.get(PROXY);
        }

        String server() {
            return values.get(SERVER);
        }

        /** 0 where there is no such column or nothing in it. */
        long number(String name) {
            int index = names.indexOf(name);
            return index < 0 || values.get(index).isEmpty() ? 0 : Long.parseLong(values.get(index));
        }
    }

    /** The lines that are whole. */
    static Stream<Row> rows(String csv) {
        List<String> lines = csv.lines().filter(line -> !line.isBlank()).toList();
        if (lines.isEmpty()) {
            return Stream.empty();
        }
        List<String> names = List.of(lines.getFirst().replaceFirst("^# ", "").split(",", -1));
        return lines.stream()
                .skip(1)
                .map(line -> new Row(names, List.of(line.split(",", -1))))
                .filter(row -> row.values().size() >= names.size());
    }
}
