package dev.argus.deploy.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.argus.deploy.CancelToken;
import dev.argus.deploy.git.GitFailed.Reason;
import dev.argus.deploy.git.TestRepository.Entry;
import dev.argus.service.GitRef;
import dev.argus.service.RepositoryUrl;
import dev.argus.service.ServiceName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fetching over ssh from a real sshd on the loopback, which runs as the user of the test. */
@Timeout(60)
class SshFetchTest {
    private static final Path SERVER = Stream.of("/usr/sbin/sshd", "/usr/bin/sshd", "/usr/local/sbin/sshd")
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(Path.of("/usr/sbin/sshd"));

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path shared;

    @SuppressWarnings("NullAway.Init")
    private static Process sshd;

    private static int port;

    @SuppressWarnings("NullAway.Init")
    private static String commit;

    @TempDir
    Path temp;

    private Path keys = Path.of("");

    @BeforeAll
    static void start() throws Exception {
        assertThat(SERVER)
                .as("sshd is needed for this test; scripts/test installs it")
                .isExecutable();
        try (var remote = new TestRepository(shared.resolve("remote.git"))) {
            commit = remote.commit("main", "First", Map.of("a", Entry.file("1")));
        }
        keygen(shared.resolve("host"), "ed25519");
        Files.writeString(shared.resolve("authorized"), "");
        // only as root sshd wants it, and makes it when the system starts it
        if (System.getProperty("user.name").equals("root")) {
            Files.createDirectories(Path.of("/run/sshd"));
        }
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path config = Files.writeString(shared.resolve("sshd_config"), """
                ListenAddress 127.0.0.1:%d
                HostKey %s
                AuthorizedKeysFile %s
                PidFile none
                StrictModes no
                UsePAM no
                PasswordAuthentication no
                KbdInteractiveAuthentication no
                PermitRootLogin prohibit-password
                """.formatted(
                        port, shared.resolve("host"), shared.resolve("authorized")));
        Path log = shared.resolve("sshd.log");
        sshd = new ProcessBuilder(SERVER.toString(), "-D", "-e", "-f", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        await("sshd listens").atMost(Duration.ofSeconds(30)).until(() -> {
            assertThat(sshd.isAlive()).as(Files.readString(log)).isTrue();
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            } catch (IOException notYet) {
                return false;
            }
        });
    }

    @AfterAll
    static void end() throws InterruptedException {
        sshd.destroy();
        assertThat(sshd.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    private static void keygen(Path file, String type) throws IOException, InterruptedException {
        Process made = new ProcessBuilder("ssh-keygen", "-q", "-t", type, "-N", "", "-C", "test", "-f", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(made.waitFor()).isZero();
    }

    @BeforeEach
    void makeHome() throws IOException {
        keys = Files.createDirectories(
                temp.resolve(".ssh"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(shared.resolve("authorized"), "");
    }

    /** The key of this deployment, which the server lets read and nothing else. */
    private void deployKey(String type, String file) throws IOException, InterruptedException {
        keygen(keys.resolve(file), type);
        Files.writeString(
                shared.resolve("authorized"),
                "restrict,command=\"git upload-pack " + shared.resolve("remote.git") + "\" "
                        + Files.readString(keys.resolve(file + ".pub")));
    }

    private void knowHost(Path publicKey) throws IOException {
        String[] parts = Files.readString(publicKey).split(" ", -1);
        Files.writeString(keys.resolve("known_hosts"), "[127.0.0.1]:" + port + " " + parts[0] + " " + parts[1] + "\n");
    }

    private Revision fetch() {
        var settings = new GitSettings(Duration.ofSeconds(30), Duration.ofSeconds(10), 1_000, 1_000_000, temp);
        String url = "ssh://" + System.getProperty("user.name") + "@127.0.0.1:" + port + shared.resolve("remote.git");
        return new JGitSource(temp.resolve("data"), settings)
                .fetch(
                        ServiceName.of("over-ssh"),
                        RepositoryUrl.of(url, Set.of("ssh")),
                        GitRef.of(""),
                        line -> {},
                        new CancelToken());
    }

    private void assertRefused(Reason reason, String... parts) {
        assertThatThrownBy(this::fetch)
                .isInstanceOfSatisfying(
                        GitFailed.class, failed -> assertThat(failed.reason()).isEqualTo(reason))
                .hasMessageContainingAll(parts)
                .hasMessageEndingWith(".");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "rsa", "ecdsa"})
    void aDeployKeyInTheHomeOfArgusIsUsed(String type) throws Exception {
        deployKey(type, "id_" + type);
        knowHost(shared.resolve("host.pub"));

        assertThat(fetch().commit()).isEqualTo(commit);
        assertThat(fetch().commit()).isEqualTo(commit);
    }

    @Test
    void aKeyThatTheConfigurationOfSshNamesIsUsed() throws Exception {
        deployKey("ed25519", "deploy-shop");
        knowHost(shared.resolve("host.pub"));
        Files.writeString(
                keys.resolve("config"),
                "Host 127.0.0.1\n  IdentityFile " + keys.resolve("deploy-shop")
                        + "\n  IdentitiesOnly yes\n  StrictHostKeyChecking no\n  UserKnownHostsFile "
                        + keys.resolve("known_hosts") + "\n");

        assertThat(fetch().commit()).isEqualTo(commit);
    }

    @Test
    void aHostThatNobodyKnowsIsRefusedWhateverTheConfigurationSaysAndItIsSaidWhatToDo() throws Exception {
        deployKey("ed25519", "id_ed25519");
        Files.writeString(keys.resolve("config"), "Host *\n  StrictHostKeyChecking no\n");

        assertRefused(Reason.AUTHENTICATION, "known_hosts", "ssh-keyscan -p " + port + " 127.0.0.1", "after checking");
        assertThat(keys.resolve("known_hosts")).doesNotExist();
    }

    @Test
    void aHostKeyThatHasChangedIsRefused() throws Exception {
        deployKey("ed25519", "id_ed25519");
        keygen(temp.resolve("other"), "ed25519");
        knowHost(temp.resolve("other.pub"));
        String before = Files.readString(keys.resolve("known_hosts"));

        assertRefused(Reason.AUTHENTICATION, "known_hosts");
        assertThat(keys.resolve("known_hosts")).hasContent(before);
    }

    @Test
    void aServerThatDoesNotLetUsInIsToldApart() throws Exception {
        knowHost(shared.resolve("host.pub"));
        assertRefused(Reason.AUTHENTICATION, "does not let Argus in", "~/.ssh");

        keygen(keys.resolve("id_ed25519"), "ed25519");
        assertRefused(Reason.AUTHENTICATION, "does not let Argus in", "~/.ssh");
    }

    @Test
    void aRepositoryThatIsNotThereIsToldApart() throws Exception {
        deployKey("ed25519", "id_ed25519");
        Files.writeString(
                shared.resolve("authorized"),
                Files.readString(shared.resolve("authorized")).replace("remote.git", "nowhere.git"));
        knowHost(shared.resolve("host.pub"));

        assertThatThrownBy(this::fetch).isInstanceOf(GitFailed.class).hasMessageContaining("remote.git");
    }

    @Test
    void theKeysOfTheMachineAreNotTouched() throws Exception {
        deployKey("ed25519", "id_ed25519");
        knowHost(shared.resolve("host.pub"));
        fetch();
        try (Stream<Path> files = Files.list(keys)) {
            assertThat(files.map(file -> String.valueOf(file.getFileName())))
                    .containsExactlyInAnyOrderElementsOf(List.of("id_ed25519", "id_ed25519.pub", "known_hosts"));
        }
    }
}
