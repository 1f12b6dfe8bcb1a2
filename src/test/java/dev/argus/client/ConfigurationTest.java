package dev.argus.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where config.json is found and what is wrong with it. */
class ConfigurationTest {
    @TempDir
    Path directory;

    private FakeArgus argus = new FakeArgus();
    private Client client = new Client(Path.of(""));

    @BeforeEach
    void start() {
        client = new Client(directory);
        argus.on("GET /services", "[]");
    }

    @AfterEach
    void stop() {
        argus.close();
    }

    private String toArgus(String name) {
        return "{\"client\":{\"servers\":[{\"name\":\"" + name + "\",\"url\":\"" + argus.url() + "\"}]}}";
    }

    private String serverList(String... words) {
        return client.run(words).out();
    }

    @Test
    void theFileOfTheOptionWinsThenTheEnvironmentThenHereThenHome() throws Exception {
        Path home = directory.resolve("home/.config/argus");
        Files.createDirectories(home);
        assertThat(serverList("servers")).contains("http://127.0.0.1:8080");
        Files.writeString(home.resolve("config.json"), toArgus("of-home"));
        assertThat(serverList("servers")).contains("of-home");
        client.configuration(toArgus("of-here"));
        assertThat(serverList("servers")).contains("of-here");
        Files.writeString(directory.resolve("e.json"), toArgus("of-environment"));
        client.with("ARGUS_CONFIG", "e.json");
        assertThat(serverList("servers")).contains("of-environment");
        Files.writeString(directory.resolve("o.json"), toArgus("of-option"));
        assertThat(serverList("servers", "--config", "o.json")).contains("of-option");
    }

    @Test
    void aNamedFileThatIsMissingIsWrongUsage() {
        Client.Result result = client.run("--config", "none.json", "ls");
        assertThat(result.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(result.err()).contains("none.json does not exist: give another file with --config.");
    }

    @Test
    void theServersSectionIsNotJudgedAndAFileWithoutOursMeansTheDefaults() {
        client.configuration("{\"server\":{\"whatever\":[1]}}");
        assertThat(serverList("servers")).contains("http://127.0.0.1:8080");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"clent\":{}} | clent is not known",
                "{\"client\":{\"server\":[]}} | client.server is not known",
                "{\"client\":{\"servers\":[]}} | client.servers wants a list",
                "{\"client\":{\"servers\":[{\"name\":\"a\",\"url\":\"http://h\",\"port\":1}]}} | client.servers[0].port is not known",
                "{\"client\":{\"servers\":[{\"name\":\"a\"}]}} | client.servers[0].url wants a URL",
                "{\"client\":{\"servers\":[{\"url\":\"ftp://x\"}]}} | client.servers[0].url wants a URL",
                "{\"client\":{\"servers\":[{\"name\":\"a\",\"url\":\"http://h\"},{\"name\":\"a\",\"url\":\"http://i\"}]}} | client.servers[1].name is the name of another",
                "{\"client\":{\"requirements\":{\"memory\":\"much\"}}} | client.requirements.memory wants a size",
                "{\"client\":{\"requirements\":{\"cpus\":-1}}} | client.requirements.cpus wants a number",
                "{\"client\":{\"requirements\":{\"ram\":\"1GiB\"}}} | client.requirements.ram is not known",
                "{\"client\":1} | client wants an object",
                "[] | the file wants an object",
                "{\"client\": | is not JSON (line 1, column 11)"
            })
    void whatIsWrongIsToldWithItsPath(String json, String told) {
        Client.Result result = client.configuration(json).run("ls");
        assertThat(result.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(result.err()).contains("config.json").contains(told);
    }

    @Test
    void aServerGivenByItsUrlNeedsNoFile() {
        client.configuration("{ broken");
        assertThat(client.run("--server", argus.url(), "ls").status()).isZero();
    }
}
