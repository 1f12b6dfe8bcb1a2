package dev.argus.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import org.sqlite.Function;

/** The function {@code argus_sha256(text)} of SQL: the hash of a text in UTF-8, in hexadecimal. SQLite brings none. */
final class Sha256 extends Function {
    private Sha256() {}

    static void addTo(Connection connection) throws SQLException {
        Function.create(connection, "argus_sha256", new Sha256(), 1, Function.FLAG_DETERMINISTIC);
    }

    @Override
    protected void xFunc() throws SQLException {
        try {
            String text = String.valueOf(value_text(0));
            result(HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8))));
        } catch (NoSuchAlgorithmException e) {
            throw new SQLException(e);
        }
    }
}
