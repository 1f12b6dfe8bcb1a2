package dev.argus.auth;

import dev.argus.bus.ArgusException;
import dev.argus.store.Row;
import dev.argus.store.Statement;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The SQL of users and tokens, and the rules of their names. */
public final class Accounts {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,62}");

    /** All tokens that have not ended by the given time. */
    public static Statement liveTokens(Instant now) {
        return Statement.of("SELECT * FROM tokens WHERE expires_at > ? ORDER BY created_at", now.toEpochMilli());
    }

    /** All users. */
    public static Statement users() {
        return Statement.of("SELECT * FROM users ORDER BY name");
    }

    /** Adds a token. */
    public static Statement add(TokenRecord token) {
        return Statement.of(
                "INSERT INTO tokens (id, kind, name, role, services, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                token.id(),
                token.kind().name().toLowerCase(Locale.ROOT),
                token.name(),
                token.role().word(),
                join(token.services()),
                token.createdAt().toEpochMilli(),
                token.expiresAt().toEpochMilli());
    }

    /** Ends a token. */
    public static Statement removeToken(String id) {
        return Statement.of("DELETE FROM tokens WHERE id = ?", id);
    }

    /** Ends all tokens, sessions and links. */
    public static Statement removeAllTokens() {
        return Statement.of("DELETE FROM tokens");
    }

    /** Forgets the tokens that ended before the given time. */
    public static Statement removeEnded(Instant now) {
        return Statement.of("DELETE FROM tokens WHERE expires_at <= ?", now.toEpochMilli());
    }

    /** Notes when a token was last used. */
    public static Statement used(String id, Instant at) {
        return Statement.of("UPDATE tokens SET last_used_at = ? WHERE id = ?", at.toEpochMilli(), id);
    }

    /** Adds or replaces a user. */
    public static Statement put(UserRecord user) {
        return Statement.of(
                "INSERT INTO users (name, password_hash, role, services, created_at) VALUES (?, ?, ?, ?, ?)"
                        + " ON CONFLICT (name) DO UPDATE SET password_hash = excluded.password_hash,"
                        + " role = excluded.role, services = excluded.services",
                user.name(),
                user.passwordHash(),
                user.role().word(),
                join(user.services()),
                user.createdAt().toEpochMilli());
    }

    /** Removes a user. */
    public static Statement removeUser(String name) {
        return Statement.of("DELETE FROM users WHERE name = ?", name);
    }

    /** Ends the sessions of a user. */
    public static Statement removeSessions(String user) {
        return Statement.of("DELETE FROM tokens WHERE kind = 'session' AND name = ?", user);
    }

    /** The token in a row of {@link #liveTokens}. */
    public static TokenRecord token(Row row) {
        Long used = row.optionalNumber("last_used_at");
        return new TokenRecord(
                row.text("id"),
                TokenRecord.Kind.valueOf(row.text("kind").toUpperCase(Locale.ROOT)),
                row.text("name"),
                Role.of(row.text("role")),
                split(row.optionalText("services")),
                Instant.ofEpochMilli(row.number("created_at")),
                Instant.ofEpochMilli(row.number("expires_at")),
                used == null ? null : Instant.ofEpochMilli(used));
    }

    /** The user in a row of {@link #users}. */
    public static UserRecord user(Row row) {
        return new UserRecord(
                row.text("name"),
                row.text("password_hash"),
                Role.of(row.text("role")),
                split(row.optionalText("services")),
                Instant.ofEpochMilli(row.number("created_at")));
    }

    /**
     * The name, if users and tokens may be called so.
     *
     * @throws ArgusException naming the field otherwise
     */
    public static String requireName(String field, String name) {
        if (!NAME.matcher(name).matches()) {
            throw ArgusException.invalid(
                    field,
                    "The " + field + " must be 1 to 63 letters, digits, dots, dashes, underscores or @,"
                            + " and begin with a letter or digit.");
        }
        return name;
    }

    private static @Nullable String join(@Nullable Set<String> services) {
        return services == null ? null : String.join(",", new TreeSet<>(services));
    }

    private static @Nullable Set<String> split(@Nullable String services) {
        if (services == null) {
            return null;
        }
        return services.isEmpty() ? Set.of() : Set.of(services.split(",", -1));
    }

    private Accounts() {}
}
