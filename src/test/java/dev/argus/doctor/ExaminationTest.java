package dev.argus.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argus.auth.SigningKeys;
import dev.argus.config.ServerConfig;
import dev.argus.store.DataDirectory;
import dev.argus.store.Database;
import dev.argus.tls.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExaminationTest {
    private static final Map<String, String> ENVIRONMENT = Map.of("PATH", "/usr/local/bin:/usr/bin:/bin");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private Path data() {
        Path data = directory.resolve("data");
        try (var made = DataDirectory.open(data);
                var database = Database.open(data)) {
            assertThat(database).isNotNull();
            SigningKeys.in(made.directory("keys"));
        }
        return data;
    }

    private static Finding of(List<Finding> findings, String check) {
        return findings.stream()
                .filter(finding -> finding.check().equals(check))
                .findFirst()
                .orElseThrow(() -> new AssertionError(check + " is not in " + findings));
    }

    private static void chmod(Path file, String rights) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
    }

    @Test
    void aGoodDataDirectoryIsFoundGood() {
        assertThat(DataChecks.of(data())).hasSize(3).allMatch(finding -> finding.grade() == Finding.Grade.OK);
        assertThat(DataChecks.of(directory.resolve("none")))
                .singleElement()
                .satisfies(finding -> assertThat(finding.sentence()).contains("first start"));
    }

    @Test
    void aDataDirectoryOrAKeyThatOthersCanReadIsAProblemWithItsRemedy() throws IOException {
        Path data = data();
        chmod(data, "rwxr-xr-x");
        assertThat(of(DataChecks.of(data), "data directory"))
                .satisfies(finding -> assertThat(finding.grade()).isEqualTo(Finding.Grade.PROBLEM))
                .satisfies(finding -> assertThat(finding.sentence()).contains("rwxr-xr-x", "chmod 700"));
        chmod(data, "rwx------");
        Path key = data.resolve("keys/token-private.pem");
        chmod(key, "rw-r-----");
        assertThat(of(DataChecks.of(data), "secrets").sentence()).contains(key.toString(), "chmod 600");
    }

    @Test
    void aDamagedStoreAndANewerOneAreProblems() throws Exception {
        Path data = data();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve(Database.FILE));
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version=999");
        }
        assertThat(of(DataChecks.of(data), "store").sentence()).contains("newer Argus", "999");
        Files.writeString(data.resolve(Database.FILE), "no database ".repeat(1000));
        assertThat(of(DataChecks.of(data), "store"))
                .satisfies(finding -> assertThat(finding.grade()).isEqualTo(Finding.Grade.PROBLEM))
                .satisfies(finding -> assertThat(finding.sentence()).contains("backup"));
    }

    @Test
    void lookingAtAStoreLeavesNothingBehind() throws IOException {
        Path data = data();
        List<Path> before = all(data);
        DataChecks.of(data);
        assertThat(all(data)).isEqualTo(before).contains(data.resolve("argus.db"));
    }

    private static List<Path> all(Path data) throws IOException {
        try (var files = Files.walk(data)) {
            return files.sorted().toList();
        }
    }

    @Test
    void aPortOfAStrangerIsAProblemAndOursIsNot() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = socket.getLocalPort();
            Finding stranger = PortChecks.port("API port", "server.port", port, OptionalLong.empty());
            assertThat(stranger.grade()).isEqualTo(Finding.Grade.PROBLEM);
            assertThat(stranger.sentence()).contains(Integer.toString(port), "server.port");
            Finding ours = PortChecks.port(
                    "API port",
                    "server.port",
                    port,
                    OptionalLong.of(ProcessHandle.current().pid()));
            assertThat(ours.grade()).as(ours.sentence()).isEqualTo(Finding.Grade.OK);
        }
    }

    @Test
    void portsOfInstancesThatOutgoingConnectionsMayHaveAreAWarning() {
        assertThat(PortChecks.ephemeral("32768\t60999", new ServerConfig.PortRange(20_000, 29_999)))
                .hasValueSatisfying(finding -> assertThat(finding.grade()).isEqualTo(Finding.Grade.OK));
        assertThat(PortChecks.ephemeral("32768 60999", new ServerConfig.PortRange(30_000, 40_000)))
                .hasValueSatisfying(finding -> assertThat(finding.sentence()).contains("portRange"));
        assertThat(PortChecks.ephemeral("", new ServerConfig.PortRange(30_000, 40_000)))
                .isEmpty();
    }

    @Test
    void littleSpaceAndFewInodesAreToldOfBeforeItIsTooLate() {
        assertThat(DiskChecks.space(directory, 10L << 30, 20L << 30).grade()).isEqualTo(Finding.Grade.OK);
        assertThat(DiskChecks.space(directory, 1L << 30, 20L << 30).grade()).isEqualTo(Finding.Grade.WARNING);
        assertThat(DiskChecks.space(directory, 1L << 20, 20L << 30).grade()).isEqualTo(Finding.Grade.PROBLEM);
        assertThat(DiskChecks.inodes(directory, "Inodes IFree\n 1000000 900000"))
                .hasValueSatisfying(finding -> assertThat(finding.grade()).isEqualTo(Finding.Grade.OK));
        assertThat(DiskChecks.inodes(directory, "Inodes IFree\n 1000000 12"))
                .hasValueSatisfying(finding -> assertThat(finding.grade()).isEqualTo(Finding.Grade.PROBLEM));
        assertThat(DiskChecks.inodes(directory, "Inodes IFree\n 0 0")).isEmpty();
        assertThat(DiskChecks.inodes(directory, "Inodes IFree\n - -")).isEmpty();
    }

    @Test
    void aClockThatIsBehindTheStoreIsAProblem() {
        Instant now = Instant.parse("2026-11-23T12:00:00Z");
        assertThat(ClockCheck.wrong(now, now.minusSeconds(5))).isEmpty();
        assertThat(ClockCheck.wrong(now, now.plusSeconds(3600)))
                .hasValueSatisfying(finding -> assertThat(finding.sentence()).contains("earlier"));
        assertThat(ClockCheck.wrong(Instant.EPOCH, Instant.EPOCH)).isPresent();
    }

    @Test
    void protocolsThatAreNotSafeAreAWarning() {
        assertThat(ToolChecks.protocols(Set.of("https", "ssh")).grade()).isEqualTo(Finding.Grade.OK);
        assertThat(ToolChecks.protocols(Set.of("https", "file")).sentence()).contains("git.protocols");
        assertThat(ToolChecks.protocols(Set.of("http")).grade()).isEqualTo(Finding.Grade.WARNING);
        assertThat(ToolChecks.protocols(Set.of()).grade()).isEqualTo(Finding.Grade.PROBLEM);
    }

    @Test
    void aMissingHaproxyIsAProblemOnlyWhereItWasChosen() {
        var d = ServerConfig.DEFAULT;
        var behind = new ServerConfig(
                d.host(),
                d.port(),
                d.dataDirectory(),
                d.portRange(),
                d.gitProtocols(),
                new ServerConfig.ProxyConfig("haproxy", "127.0.0.1", 8000, "localhost"),
                d.health(),
                d.deploy(),
                d.log());
        var nothing = new Programs(directory.toString());
        assertThat(of(ToolChecks.of(d, nothing), "proxy").grade()).isEqualTo(Finding.Grade.OK);
        assertThat(of(ToolChecks.of(behind, nothing), "proxy"))
                .satisfies(finding -> assertThat(finding.grade()).isEqualTo(Finding.Grade.PROBLEM))
                .satisfies(finding -> assertThat(finding.sentence()).contains("apt install haproxy"));
        assertThat(of(ToolChecks.of(d, nothing), "go").sentence()).contains("golang-go");
    }

    @Test
    void aCertificateIsToldOfBeforeItEndsAndListeningWithoutOneWhereOthersAre() throws Exception {
        var files = TestCertificate.make(directory, "EC", 30).write(directory);
        var behind = ServerConfig.DEFAULT.entering(new ServerConfig.EntranceConfig(List.of(), files, false));
        Files.setPosixFilePermissions(files.key(), PosixFilePermissions.fromString("rw-r-----"));
        Instant now = Instant.now();
        assertThat(TlsCheck.of(behind, now).grade()).isEqualTo(Finding.Grade.OK);
        assertThat(TlsCheck.of(behind, now.plus(Duration.ofDays(20))).grade()).isEqualTo(Finding.Grade.WARNING);
        assertThat(TlsCheck.of(behind, now.plus(Duration.ofDays(40))).sentence())
                .contains("has ended");
        chmod(files.key(), "rw-r--r--");
        assertThat(TlsCheck.of(behind, now).sentence()).contains("chmod o-r");
        Files.delete(files.key());
        assertThat(TlsCheck.of(behind, now).grade()).isEqualTo(Finding.Grade.PROBLEM);
        assertThat(TlsCheck.of(ServerConfig.DEFAULT, now).grade()).isEqualTo(Finding.Grade.OK);
        assertThat(TlsCheck.of(ServerConfig.DEFAULT.listening("0.0.0.0", 8080), now)
                        .sentence())
                .contains("server.plainHttp");
    }

    @Test
    void aUnitThatWouldEndServicesIsAProblem() {
        String good = """
                LoadState=loaded
                UnitFileState=enabled
                Type=notify
                KillMode=process
                Delegate=yes
                OOMPolicy=continue
                Restart=always
                PrivateTmp=no
                NeedDaemonReload=no
                ExecStopPost={ path=/opt/argus/current/bin/release-controllers ; }
                """;
        assertThat(UnitCheck.of(good))
                .singleElement()
                .satisfies(finding -> assertThat(finding.grade()).isEqualTo(Finding.Grade.OK));
        assertThat(UnitCheck.of(good.replace("KillMode=process", "KillMode=control-group")))
                .singleElement()
                .satisfies(finding -> assertThat(finding.grade()).isEqualTo(Finding.Grade.PROBLEM))
                .satisfies(
                        finding -> assertThat(finding.sentence()).contains("KillMode=control-group", "all services"));
        assertThat(UnitCheck.of("LoadState=not-found\n"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.sentence()).contains("docs/installing.md"));
    }

    @Test
    void aRunningServerIsKnownByItsLockAndTheWholeExaminationEnds() {
        Path data = data();
        assertThat(DataDirectory.holderOf(data)).isEmpty();
        try (var locked = DataDirectory.lock(data)) {
            assertThat(DataDirectory.holderOf(locked.path()))
                    .hasValue(ProcessHandle.current().pid());
            List<Finding> findings = Examination.of(ServerConfig.DEFAULT.keepingIn(data), ENVIRONMENT);
            assertThat(findings)
                    .extracting(Finding::check)
                    .contains("server", "disk", "clock", "limits", "systemd unit");
            assertThat(findings)
                    .allSatisfy(finding -> assertThat(finding.sentence()).endsWith("."));
            assertThat(DataDirectory.holderOf(locked.path()))
                    .as("looking has not undone it")
                    .isPresent();
        }
    }
}
