package dev.argus.deploy.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.argus.deploy.CancelToken;
import dev.argus.deploy.Cancelled;
import dev.argus.service.CommandLine;
import dev.argus.service.ProbeSettings;
import dev.argus.service.RunPlan;
import dev.argus.service.ServiceName;
import dev.argus.service.ServiceSpec;
import dev.argus.service.manifest.PlanResolver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class BuilderTest {
    /** Kept from run to run, since Go compiles its standard library into it. */
    private static final Path DATA = Path.of("target", "build-test-data").toAbsolutePath();

    private static final String HELLO = "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"hello\") }\n";

    @TempDir
    Path temp;

    private final ServiceName service = ServiceName.of("simple");
    private final CancelToken cancel = new CancelToken();
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    private Path release = Path.of("");

    @BeforeEach
    void makeRelease() throws IOException {
        release = Files.createDirectory(temp.resolve("release"));
    }

    private void write(String name, String text) throws IOException {
        Path file = release.resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, text);
    }

    private BuildOrder order(Duration deadline, Map<String, String> env, List<CommandLine> commands) {
        return new BuildOrder(service, release, commands, env, Set.of(), temp.resolve("build.log"), deadline);
    }

    private void build(CommandLine... commands) {
        build(System.getenv(), order(Duration.ofMinutes(4), Map.of(), List.of(commands)));
    }

    private void build(Map<String, String> own, BuildOrder order) {
        new Builder(DATA, own).build(order, lines::add, cancel);
    }

    private static CommandLine shell(String script) {
        return CommandLine.of("sh", "-c", script);
    }

    private RunPlan buildAsPlanned() {
        RunPlan plan = new PlanResolver(ProbeSettings.DEFAULT).resolve(service, ServiceSpec.NONE, release);
        build(plan.build().toArray(CommandLine[]::new));
        return plan;
    }

    private String run(RunPlan plan) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(plan.start().withPort(1).argv())
                .directory(plan.start().directoryIn(release).toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    @Test
    void aGoModuleIsBuiltAsPlannedAndRuns() throws Exception {
        write("go.mod", "module example.com/simple\n\ngo 1.18\n");
        write("cmd/simple/main.go", HELLO);

        assertThat(run(buildAsPlanned())).isEqualTo("hello\n");
        assertThat(lines.getFirst()).startsWith("$ go build ");
    }

    @Test
    void aDependencyFromTheModuleProxyIsFetched() throws Exception {
        write("go.mod", "module example.com/simple\n\ngo 1.18\n\nrequire github.com/google/uuid v1.6.0\n");
        write("go.sum", """
                github.com/google/uuid v1.6.0 h1:NIvaJDMOsjHA8n1jAhLSgzrAzy1Hgr+hNrb57e+94F0=
                github.com/google/uuid v1.6.0/go.mod h1:TIyPZe4MgqvfeYDBFedMoGGpEw/LqOeaOT+nhxU+yHo=
                """);
        write(
                "main.go",
                "package main\n\nimport \"github.com/google/uuid\"\n\nfunc main() { println(uuid.Nil.String()) }\n");

        assertThat(run(buildAsPlanned())).contains("00000000-0000-0000-0000-000000000000");
        assertThat(DATA.resolve("cache/go/pkg/mod/github.com/google/uuid@v1.6.0"))
                .isDirectory();
    }

    @Test
    void theOldKindThatVendorsWhatItImportsIsBuiltWithoutNetwork() throws Exception {
        write(
                "main.go",
                "package main\n\nimport (\n\t\"example.org/lib\"\n\t\"github.com/me/app/sub\"\n)\n\nfunc main() { println(lib.V + sub.V) }\n");
        write("sub/sub.go", "package sub\n\nconst V = 2\n");
        write("vendor/example.org/lib/lib.go", "package lib\n\nconst V = 40\n");
        RunPlan plan = new PlanResolver(ProbeSettings.DEFAULT).resolve(service, ServiceSpec.NONE, release);

        build(
                Map.of("PATH", System.getenv("PATH"), "GOPROXY", "off"),
                order(Duration.ofMinutes(4), Map.of(), plan.build()));

        assertThat(run(plan)).isEqualTo("42\n");
    }

    @Test
    void theOldKindWithoutImportsIsBuilt() throws Exception {
        write("main.go", HELLO);

        assertThat(run(buildAsPlanned())).isEqualTo("hello\n");
    }

    @Test
    void aProgramThatDoesNotCompileFailsWithTheCompilersLine() throws IOException {
        write("go.mod", "module example.com/simple\n\ngo 1.18\n");
        write("main.go", "package main\n\nfunc main() { undefined() }\n");

        assertThatThrownBy(this::buildAsPlanned)
                .isInstanceOfSatisfying(BuildFailed.class, failed -> {
                    assertThat(failed.exitStatus()).hasValue(1);
                    assertThat(failed.lastLines()).anyMatch(line -> line.contains("main.go:3:"));
                })
                .hasMessageContaining("exit status 1: ./main.go:3:15: undefined");
        assertThat(temp.resolve("build.log")).content().contains("main.go:3:15");
    }

    @Test
    void aMissingToolchainIsNamedWithWhatToInstall() {
        Map<String, String> own = Map.of("PATH", temp.toString());

        assertThatThrownBy(() -> build(
                        own,
                        order(
                                Duration.ofMinutes(1),
                                Map.of("PATH", temp.toString()),
                                List.of(CommandLine.of("go", "build")))))
                .isInstanceOf(BuildFailed.class)
                .hasMessage(
                        "go is not installed on this server; install it (Debian: apt install golang-go) and deploy again.");
    }

    @Test
    void aScriptThatIsNotThereOrNotExecutableIsNamed() throws IOException {
        assertThatThrownBy(() -> build(CommandLine.of("./build.sh"))).hasMessageContaining("no file ./build.sh");
        write("build.sh", "#!/bin/sh\n");
        assertThatThrownBy(() -> build(CommandLine.of("./build.sh"))).hasMessageContaining("not executable");
    }

    @Test
    void theFirstCommandThatFailsEndsTheBuild() {
        assertThatThrownBy(() -> build(shell("echo one; exit 3"), shell("echo two")))
                .isInstanceOfSatisfying(
                        BuildFailed.class,
                        failed -> assertThat(failed.exitStatus()).hasValue(3))
                .hasMessageContaining("exit status 3: one");
        assertThat(lines).doesNotContain("two");
    }

    @Test
    void theEnvironmentIsMadeFromEmpty() throws IOException {
        var own = new HashMap<>(Map.of(
                "PATH",
                System.getenv("PATH"),
                "SECRET",
                "x",
                "GOFLAGS",
                "-v",
                "GOPROXY",
                "off",
                "PIP_INDEX_URL",
                "y",
                "ARGUS_TOKEN",
                "z"));

        build(
                own,
                order(
                        Duration.ofMinutes(1),
                        Map.of("MODE", "test"),
                        List.of(new CommandLine("", Map.of("LEVEL", "2"), List.of("env")))));

        assertThat(lines)
                .contains(
                        "GOPROXY=off",
                        "GOFLAGS=-v -ldflags=-w -modcacherw",
                        "PIP_INDEX_URL=y",
                        "MODE=test",
                        "LEVEL=2",
                        "LANG=C.UTF-8",
                        "GOWORK=off",
                        "HOME=" + DATA.resolve("cache/home"),
                        "GOCACHE=" + DATA.resolve("cache/go-build"));
        assertThat(lines)
                .noneMatch(line -> line.startsWith("SECRET=") || line.startsWith("ARGUS_TOKEN"))
                // the mark by which its processes are found after a kill of Argus
                .filteredOn(line -> line.startsWith("ARGUS_"))
                .hasSize(1)
                .allMatch(line -> line.startsWith("ARGUS_INSTANCE=build of "));
        assertThat(Files.getPosixFilePermissions(DATA.resolve("cache/home"))).hasSize(3);
    }

    @Test
    void itRunsNicelyInItsOwnSessionWithNothingOnStandardInput() {
        build(shell("nice; wc -c </dev/stdin; cut -d' ' -f6 /proc/$$/stat; cut -d' ' -f6 /proc/"
                + ProcessHandle.current().pid() + "/stat"));

        assertThat(lines.get(1)).isEqualTo("10");
        assertThat(lines.get(2)).isEqualTo("0");
        assertThat(lines.get(3)).isNotEqualTo(lines.get(4));
    }

    @Test
    void whatABuildLeavesRunningEndsWithIt() throws IOException {
        build(
                shell(
                        "sleep 300 & echo $! >pid; (trap '' TERM; sleep 301 & echo $! >pid2; wait) & while ! test -s pid2; do :; done"));

        for (String name : List.of("pid", "pid2")) {
            long pid = Long.parseLong(Files.readString(release.resolve(name)).strip());
            await().atMost(Duration.ofSeconds(30)).until(() -> hasEnded(pid));
        }
    }

    private static boolean hasEnded(long pid) throws IOException {
        Path stat = Path.of("/proc", Long.toString(pid), "stat");
        try {
            return Files.readString(stat).contains(") Z ");
        } catch (NoSuchFileException e) {
            return true;
        }
    }

    @Test
    void aCancelEndsTheBuildAndItsChildren() throws Exception {
        Thread canceller = Thread.ofVirtual().start(() -> {
            await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(release.resolve("ready")));
            cancel.cancel("No longer wanted.");
        });

        assertThatThrownBy(() -> build(shell("sleep 300 & echo $! >pid; touch ready; wait")))
                .isInstanceOf(Cancelled.class)
                .hasMessage("No longer wanted.");

        canceller.join();
        long pid = Long.parseLong(Files.readString(release.resolve("pid")).strip());
        await().atMost(Duration.ofSeconds(30)).until(() -> hasEnded(pid));
    }

    @Test
    void aBuildThatTakesTooLongIsStopped() {
        assertThatThrownBy(() -> build(
                        System.getenv(),
                        order(Duration.ofMillis(300), Map.of(), List.of(shell("echo begun; sleep 300")))))
                .isInstanceOfSatisfying(
                        BuildFailed.class,
                        failed -> assertThat(failed.lastLines()).contains("begun"))
                .hasMessageContaining("within 300ms");
    }

    @Test
    void aFloodIsCutInLinesInTheLogAndInWhatIsTold() throws IOException {
        build(
                shell(
                        "head -c 100000 /dev/zero | tr '\\0' x; echo; yes 0123456789012345678901234567890123456789 | head -c 30000000; echo last"));

        assertThat(Files.size(temp.resolve("build.log"))).isBetween(10_000_000L, 10_010_000L);
        assertThat(lines).allMatch(line -> line.length() <= 4_098);
        assertThat(lines.getLast()).contains("longer than 10 MB");
    }

    @Test
    void theLastFiftyLinesAreKept() {
        assertThatThrownBy(() -> build(shell("seq 1000; exit 1")))
                .isInstanceOfSatisfying(
                        BuildFailed.class,
                        failed -> assertThat(failed.lastLines()).hasSize(50).endsWith("1000"));
    }
}
