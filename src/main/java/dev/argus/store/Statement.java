package dev.argus.store;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One SQL statement with its parameters, which are text, numbers, booleans (kept as 0 and 1), byte arrays or null.
 *
 * @param sql a constant of the program, never built from input
 */
public record Statement(String sql, List<@Nullable Object> parameters) {
    /** Copies the parameters. */
    public Statement {
        parameters = Collections.unmodifiableList(new ArrayList<>(parameters));
    }

    /** A statement with its parameters in the order of their question marks. */
    public static Statement of(String sql, @Nullable Object... parameters) {
        List<@Nullable Object> list = new ArrayList<>(parameters.length);
        Collections.addAll(list, parameters);
        return new Statement(sql, list);
    }
}
