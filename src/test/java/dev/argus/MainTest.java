package dev.argus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argus.auth.Accounts;
import dev.argus.store.Database;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of argus-server as scripts call them, without a terminal. */
class MainTest {
    @TempDir
    Path directory;

    @Test
    void aUserIsAddedWithAPasswordFromStandardInput() throws Exception {
        Path config = Files.writeString(directory.resolve("config.json"), "{}");
        Path data = directory.resolve("data");
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream("a good password\n".getBytes(StandardCharsets.UTF_8)));
        try {
            int status = Main.run(
                    "user",
                    "add",
                    "ann",
                    "--role",
                    "admin",
                    "--config",
                    config.toString(),
                    "--data-dir",
                    data.toString());
            assertThat(status).isZero();
        } finally {
            System.setIn(before);
        }
        try (var database = Database.open(data)) {
            assertThat(database.read(Accounts.users()))
                    .singleElement()
                    .satisfies(row -> assertThat(row.text("name")).isEqualTo("ann"));
        }
    }
}
