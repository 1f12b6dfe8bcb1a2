package dev.argus.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.argus.bus.ArgusException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigLoaderTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private Path file(String json) {
        try {
            return Files.writeString(directory.resolve("config.json"), json.replace('\'', '"'));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void anEmptyObjectIsAllDefaults() {
        assertThat(ConfigLoader.load(file("{}"))).isEqualTo(ServerConfig.DEFAULT);
    }

    @Test
    void whatIsGivenIsTakenAndTheRestIsDefault() {
        ServerConfig config = ConfigLoader.load(file(
                "{'server':{'port':9090,'portRange':[30000,30010],'git':{'protocols':['file']},'health':{'interval':'500ms'}},"
                        + "'client':{'servers':[],'requirements':{'memory':'1GiB'}}}"));
        assertThat(config.port()).isEqualTo(9090);
        assertThat(config.portRange()).isEqualTo(new ServerConfig.PortRange(30_000, 30_010));
        assertThat(config.gitProtocols()).containsExactly("file");
        assertThat(config.health().interval()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.health().failures()).isEqualTo(3);
        assertThat(config.host()).isEqualTo("127.0.0.1");
    }

    @Test
    void everyProblemIsToldWithItsPath() {
        List<String> problems = ConfigLoader.read(file(
                        "{'server':{'port':'x','host':5,'gti':{},'health':{'interval':'soon','failures':0,'path':'x'},"
                                + "'portRange':[9,1],'git':{'protocols':['ext']},'log':{'level':'loud'},'deploy':{'queue':-1}},"
                                + "'client':{'server':[]},'other':1}"))
                .problems();
        assertThat(problems.stream().map(problem -> problem.substring(0, problem.indexOf(':'))))
                .contains(
                        "server.port",
                        "server.host",
                        "server.gti",
                        "server.health.interval",
                        "server.health.failures",
                        "server.health.path",
                        "server.portRange",
                        "server.git.protocols",
                        "server.log.level",
                        "server.deploy.queue",
                        "client.server",
                        "other");
        assertThat(problems).allSatisfy(problem -> assertThat(problem).endsWith("."));
    }

    @Test
    void valuesOfTheClientAreCheckedAndDoNotKeepAServerFromStarting() {
        Path file = file(
                "{'client':{'servers':[{'name':'a','url':'http://127.0.0.1:8080'},{'name':'a','url':'http://h:1?q'},"
                        + "{'url':'https://argus.example.com/below'},7,{'name':''}],"
                        + "'requirements':{'memory':'much','disk':-1,'cpus':'all'}}}");
        ConfigLoader.Loaded loaded = ConfigLoader.read(file);
        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.problemsOfTheClient().stream().map(problem -> problem.substring(0, problem.indexOf(':'))))
                .containsExactlyInAnyOrder(
                        "client.servers[1].url",
                        "client.servers[1].name",
                        "client.servers[3]",
                        "client.servers[4].url",
                        "client.servers[4].name",
                        "client.requirements.memory",
                        "client.requirements.disk",
                        "client.requirements.cpus");
        assertThat(loaded.problemsOfTheClient())
                .allSatisfy(problem -> assertThat(problem).endsWith("."));
        assertThat(ConfigLoader.load(file)).isEqualTo(ServerConfig.DEFAULT);
    }

    @Test
    void aWrongFileIsRefusedWithTheFirstProblemAndHowManyMore() {
        assertThatExceptionOfType(ArgusException.class)
                .isThrownBy(() -> ConfigLoader.load(file("{'server':{'port':-1,'host':''}}")))
                .withMessageContaining("server.")
                .withMessageContaining("1 more");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "{",
                "{}}",
                "{'server':{'port':1,'port':2}}",
                "{'server':[]}",
                "{'server':{'dataDir':''}}",
                "{'server':{'dataDir':'a\\u0000b'}}",
                "{'server':{'port':8080.5}}",
                "{'server':{'port':1e99}}",
                "{'server':{'portRange':[20000]}}",
                "{'server':{'portRange':['a','b']}}",
                "{'server':{'health':{'interval':'0s'}}}",
                "{'server':{'git':{'protocols':'https'}}}",
                "{'server':{'git':{'protocols':[null]}}}"
            })
    void whatCannotBeMeantIsAProblemAndNoFault(String json) {
        assertThat(ConfigLoader.read(file(json)).problems()).isNotEmpty();
    }

    @Test
    void aMissingFileIsAProblemThatNamesIt() {
        assertThat(ConfigLoader.read(directory.resolve("none.json")).problems())
                .singleElement()
                .asString()
                .contains("none.json");
    }

    @ParameterizedTest
    @CsvSource({"1024, 65535", "20000, 20000"})
    void thePortRangeMayBeAsWideAsThereArePorts(int first, int last) {
        assertThat(ConfigLoader.load(file("{'server':{'portRange':[" + first + "," + last + "]}}"))
                        .portRange())
                .isEqualTo(new ServerConfig.PortRange(first, last));
    }
}
