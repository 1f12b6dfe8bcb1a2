package dev.argus.client;

import java.util.ArrayList;
import java.util.List;

/** Columns wide enough for what stands in them, two spaces apart, without borders. */
final class Table {
    private final String[] header;
    private final List<String[]> rows = new ArrayList<>();

    Table(String... header) {
        this.header = header;
    }

    /** One cell for each column; cells must be single lines already. */
    void row(String... cells) {
        rows.add(cells);
    }

    @Override
    public String toString() {
        int[] widths = new int[header.length];
        widen(widths, header);
        for (int i = 0; i < rows.size(); i++) {
            widen(widths, rows.get(i));
        }
        StringBuilder text = new StringBuilder();
        append(text, widths, header);
        for (int i = 0; i < rows.size(); i++) {
            append(text, widths, rows.get(i));
        }
        return text.toString();
    }

    private static void widen(int[] widths, String[] cells) {
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], width(cells[i]));
        }
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }

    private static void append(StringBuilder text, int[] widths, String[] cells) {
        int end = text.length();
        for (int i = 0; i < widths.length; i++) {
            text.append(cells[i]);
            if (!cells[i].isEmpty()) {
                end = text.length();
            }
            for (int space = width(cells[i]); space < widths[i] + 2; space++) {
                text.append(' ');
            }
        }
        text.setLength(end);
        text.append('\n');
    }
}
