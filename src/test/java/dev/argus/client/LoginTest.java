package dev.argus.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signing in, and which token is used afterwards. */
class LoginTest {
    private static final String TOKEN = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhbm5hIn0.c2lnbmF0dXJl";

    @TempDir
    Path directory;

    private FakeArgus argus = new FakeArgus();
    private Client client = new Client(Path.of(""));

    @BeforeEach
    void start() {
        client = new Client(directory).servers(argus.url());
        argus.on("POST /login", "{\"token\":\"" + TOKEN + "\",\"expiresAt\":\"2026-11-24T00:00:00Z\"}");
        argus.on("GET /services", "[]");
    }

    @AfterEach
    void stop() {
        argus.close();
    }

    @Test
    void theTokenIsStoredForItsOwnerAloneAndUsedFromThenOn() throws Exception {
        Client.Result result = client.input("anna\npass word\n").run("login");
        assertThat(result)
                .isEqualTo(new Client.Result(
                        0, "Signed in to " + argus.url() + " as anna until 2026-11-24 00:00:00 UTC.\n", ""));
        assertThat(Json.read(argus.request("POST /login").body()).text("password"))
                .isEqualTo("pass word");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(client.credentials())))
                .isEqualTo("rw-------");
        Path home = client.credentials().resolveSibling(".");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home)))
                .isEqualTo("rwx------");
        try (var files = Files.list(home)) {
            assertThat(files).hasSize(1);
        }
        client.run("ls");
        assertThat(argus.request("GET /services").token()).isEqualTo(TOKEN);
    }

    @Test
    void anotherServerDoesNotGetIt() {
        client.input("anna\npass word\n").run("login");
        try (FakeArgus other = new FakeArgus()) {
            other.on("GET /services", "[]");
            client.run("--server", other.url(), "ls");
            assertThat(other.request("GET /services").token()).isNull();
            other.on("POST /login", "{\"token\":\"another\"}");
            assertThat(client.run("login", other.url()).status()).isZero();
            client.run("ls");
            assertThat(argus.request("GET /services").token()).isEqualTo(TOKEN);
        }
    }

    @Test
    void theOptionWinsOverTheEnvironmentAndThatOverWhatIsStored() {
        client.input("anna\npass word\n").run("login");
        client.with("ARGUS_TOKEN", "of-environment").run("ls");
        client.run("ls", "--token", "of-option");
        assertThat(argus.requests())
                .filteredOn(request -> request.line().equals("GET /services"))
                .extracting(FakeArgus.Request::token)
                .containsExactly("of-environment", "of-option");
    }

    @Test
    void onATerminalUserAndPasswordAreAskedFor() throws Exception {
        List<String> questions = new ArrayList<>();
        client.terminal(new Typing(questions)).run("login");
        assertThat(questions).containsExactly("User at " + argus.url() + ": ", "Password (not shown): ");
        assertThat(Json.read(argus.request("POST /login").body()).text("user")).isEqualTo("anna");
    }

    @Test
    void aWrongPasswordIsFourAndNothingIsStored() {
        try (FakeArgus other = new FakeArgus()) {
            other.on("POST /login", 401, FakeArgus.problem("unauthenticated", "User or password is wrong."));
            Client.Result result = client.input("anna\ngeheim\n").run("login", other.url());
            assertThat(result.status()).isEqualTo(ExitStatus.NOT_ALLOWED);
            assertThat(result.err())
                    .startsWith("argus-client: User or password is wrong.")
                    .doesNotContain("geheim");
            assertThat(client.credentials()).doesNotExist();
        }
    }

    @Test
    void withoutAPasswordNothingIsAsked() {
        assertThat(client.input("anna\n").run("login").status()).isEqualTo(ExitStatus.USAGE);
        assertThat(argus.asked()).isEmpty();
    }

    @Test
    void credentialsThatCannotBeReadAreToldWithWhatToDo() throws Exception {
        client.input("anna\npass word\n").run("login");
        Files.writeString(client.credentials(), "{ broken");
        Client.Result result = client.run("ls");
        assertThat(result.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(result.err()).contains("remove it and sign in again (argus-client login)");
    }

    @Test
    void aServerThatRepeatsTheTokenInItsErrorDoesNotGetItShown() {
        argus.on(
                "GET /services/web",
                400,
                FakeArgus.problem("invalid", "Bad token my-token-of-option or " + TOKEN + "."));
        Client.Result result = client.run("--token", "my-token-of-option", "status", "web");
        assertThat(result.err()).isEqualTo("argus-client: Bad token *** or ***.\n");
    }

    /** Somebody who types. */
    private static final class Typing implements Terminal {
        private final List<String> questions;

        Typing(List<String> questions) {
            this.questions = questions;
        }

        @Override
        public boolean visible() {
            return true;
        }

        @Override
        public @Nullable String ask(String question) {
            questions.add(question);
            return "anna";
        }

        @Override
        public @Nullable String askSecret(String question) {
            questions.add(question);
            return "pass word";
        }

        @Override
        public Runnable onInterrupt(Runnable action) {
            return () -> {};
        }
    }
}
