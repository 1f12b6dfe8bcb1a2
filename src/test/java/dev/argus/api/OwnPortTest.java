package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services that listen where they like, and what a person learns of those that cannot. */
class OwnPortTest {
    @TempDir
    Path temporary;

    private RunningArgus argus;

    @BeforeEach
    void start() {
        argus = RunningArgus.start(temporary.resolve("data"));
    }

    @AfterEach
    void stop() {
        argus.close();
    }

    @Test
    void aServiceWithAPortOfItsOwnMakesRoomForItsNextRelease() throws IOException {
        int port = FreePorts.next();
        try (var repository = ServiceRepository.healthy(temporary, "own")
                .manifestWith("start", ServiceRepository.start(Integer.toString(port)))
                .commit("own port")) {
            argus.deployed("own", repository);
            assertThat(argus.instance("own").getInteger("port")).isEqualTo(port);

            repository.file("version.txt", "2").commit("second");
            argus.deployed("own", repository);

            assertThat(argus.instance("own").getInteger("port")).isEqualTo(port);
            assertThat(argus.ask("own", "/version").body()).isEqualTo("2");
        }
    }

    @Test
    void whenTheNextReleaseFailsTheOneBeforeHasItsPortAgain() throws IOException {
        int port = FreePorts.next();
        try (var repository = ServiceRepository.healthy(temporary, "own")
                .manifestWith("start", ServiceRepository.start(Integer.toString(port)))
                .commit("own port")) {
            argus.deployed("own", repository);

            repository
                    .file("fail.sh", "#!/bin/sh\necho the database is away\nexit 3\n")
                    .manifestWith("start", "./fail.sh")
                    .commit("second");
            JsonObject failed = argus.deploy("own", repository.body());

            assertThat(failed.getString("outcome")).isEqualTo("failed");
            assertThat(failed.getString("cause"))
                    .contains("exit status 3", "its last words being \"the database is away\"", "set start");
            argus.awaitStatus("own", "running");
            assertThat(argus.ask("own", "/version").body()).isEqualTo("1");
        }
    }
}
