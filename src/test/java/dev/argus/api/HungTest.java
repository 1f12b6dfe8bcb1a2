package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services that hang together are all found and replaced, each once; how soon is told by {@code scripts/bench hang}. */
final class HungTest {
    private static final int MANY = 30;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static RunningArgus argus;

    @BeforeAll
    static void start() {
        argus = RunningArgus.start(directory.resolve("data"));
    }

    @AfterAll
    static void end() {
        argus.close();
    }

    private static List<JsonObject> instances(String name) {
        JsonArray all = argus.service(name).getJsonArray("instances");
        return all.stream().map(JsonObject.class::cast).toList();
    }

    private static Set<Long> pids(List<JsonObject> instances) {
        return instances.stream().map(instance -> instance.getLong("pid")).collect(Collectors.toSet());
    }

    private static void hang(List<JsonObject> instances) throws Exception {
        List<String> command = new ArrayList<>(List.of("kill", "-STOP"));
        instances.forEach(instance -> command.add(instance.getLong("pid").toString()));
        assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
    }

    private static void eachIsReplacedOnce(String name, JsonObject environment) throws Exception {
        ServiceRepository repository = SmallService.repository(directory, name);
        argus.deployed(name, repository.body().put("env", environment).put("instances", MANY));
        List<JsonObject> before = instances(name);
        assertThat(before).hasSize(MANY);

        hang(before);

        await("all answer again")
                .atMost(Duration.ofSeconds(90))
                .untilAsserted(() -> assertThat(instances(name)).hasSize(MANY).allSatisfy(instance -> {
                    assertThat(instance.getString("health")).isEqualTo("healthy");
                    assertThat(instance.getInteger("restarts")).isEqualTo(1);
                    assertThat(pids(before)).doesNotContain(instance.getLong("pid"));
                    assertThat(SmallService.ask(instance.getInteger("port"))).isEqualTo(instance.getLong("pid"));
                }));
        assertThat(argus.processesOf(name)).doesNotContainAnyElementsOf(pids(before));
    }

    @Test
    void manyThatHangTogetherAreAllReplacedOnce() throws Exception {
        eachIsReplacedOnce("hanging", new JsonObject());
    }

    @Test
    void manyThatHangAndWouldIgnoreTermAreAllReplacedOnce() throws Exception {
        eachIsReplacedOnce("deaf", new JsonObject().put("DEAF", "yes"));
    }
}
