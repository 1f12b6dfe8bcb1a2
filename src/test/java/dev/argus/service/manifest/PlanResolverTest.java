package dev.argus.service.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.argus.service.CommandLine;
import dev.argus.service.InvalidValue;
import dev.argus.service.ProbeSettings;
import dev.argus.service.RunPlan;
import dev.argus.service.ServiceName;
import dev.argus.service.ServiceSpec;
import dev.argus.service.SpecCodec;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanResolverTest {
    private static final String MAIN = "package main\n\nfunc main() {}\n";
    private static final String SCRIPT = """
            #!/bin/sh
            case "$1" in
              start) nohup ./simple >simple.log 2>&1 & echo $! >simple.pid ;;
              stop) kill "$(cat simple.pid)" ;;
            esac
            """;

    @TempDir
    Path checkout;

    private final ServiceName service = ServiceName.of("simple");
    private final PlanResolver resolver = new PlanResolver(ProbeSettings.DEFAULT);

    private void write(String name, String text) throws IOException {
        Path file = checkout.resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, text);
    }

    private RunPlan resolve() {
        return resolve(ServiceSpec.NONE);
    }

    private RunPlan resolve(ServiceSpec request) {
        return resolver.resolve(service, request, checkout);
    }

    private static ServiceSpec request(String json) {
        return SpecCodec.decode(new JsonObject(json));
    }

    private static List<String> shown(List<CommandLine> commands) {
        return commands.stream().map(CommandLine::shown).toList();
    }

    private static String built(RunPlan plan) {
        return String.join(" && ", shown(plan.build())).replace("-buildvcs=false -trimpath ", "");
    }

    @Test
    void aGoModuleIsBuiltAndStartedWithItsPort() throws IOException {
        write("go.mod", "module example.com/simple\n\ngo 1.22\n");
        write("main.go", MAIN);

        RunPlan plan = resolve();

        assertThat(plan.kind()).isEqualTo("go");
        assertThat(shown(plan.build())).containsExactly("go build -buildvcs=false -trimpath -o .argus/simple .");
        assertThat(plan.start().withPort(20000).argv()).containsExactly("./.argus/simple", "20000");
        assertThat(shown(plan.alternativeStarts())).containsExactly("./.argus/simple");
        assertThat(plan.detaches()).isFalse();
        assertThat(plan.stop()).isNull();
        assertThat(plan.port()).isNull();
        assertThat(plan.instances()).isEqualTo(1);
        assertThat(plan.probe()).isEqualTo(ProbeSettings.DEFAULT);
        assertThat(plan.stopTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(plan.origins()).containsEntry("build", "found by go.mod").containsEntry("instances", "default");
    }

    @Test
    void aProgramThatLooksForFilesBesideItsSourceKeepsItsPaths() throws IOException {
        write("go.mod", "module simple\n");
        write("main.go", MAIN + "var _, file, _, _ = runtime.Caller(0)\n");

        assertThat(shown(resolve().build())).containsExactly("go build -buildvcs=false -o .argus/simple .");
    }

    @Test
    void theOnlyProgramUnderCmdIsTaken() throws IOException {
        write("go.mod", "module example.com/other\n");
        write("lib.go", "package other\n");
        write("cmd/whatever/main.go", MAIN);

        assertThat(built(resolve())).isEqualTo("go build -o .argus/simple ./cmd/whatever");
    }

    @Test
    void amongSeveralTheOneCalledLikeTheServiceIsTaken() throws IOException {
        write("go.mod", "module example.com/other/v2\n");
        write("cmd/simple/main.go", MAIN);
        write("cmd/other/main.go", MAIN);
        write("cmd/server/main.go", MAIN);
        assertThat(built(resolve())).endsWith("./cmd/simple");

        Files.delete(checkout.resolve("cmd/simple/main.go"));
        assertThat(built(resolve())).endsWith("./cmd/other");

        Files.delete(checkout.resolve("cmd/other/main.go"));
        write("cmd/migrate/main.go", MAIN);
        assertThat(built(resolve())).endsWith("./cmd/server");
    }

    @Test
    void severalProgramsOfWhichNoneFitsAreAnErrorThatNamesThem() throws IOException {
        write("go.mod", "module example.com/other\n");
        write("cmd/alpha/main.go", MAIN);
        write("cmd/beta/main.go", MAIN);

        assertThatThrownBy(this::resolve)
                .isInstanceOf(InvalidValue.class)
                .hasMessageContaining("cmd/alpha, cmd/beta")
                .hasMessageContaining("set build");
    }

    @Test
    void examplesToolsTestsAndIgnoredFilesAreNoProgramsOfTheService() throws IOException {
        write("go.mod", "module example.com/other\n");
        write("gen.go", "//go:build ignore\n\n" + MAIN);
        write("old.go", "// +build ignore\n\n" + MAIN);
        write("win_windows.go", MAIN);
        write("main_test.go", MAIN);
        write("examples/a/main.go", MAIN);
        write("tools/b/main.go", MAIN);
        write("testdata/c/main.go", MAIN);
        write("vendor/d/main.go", MAIN);
        write("app/main.go", "/* a\n comment */\n// another\n" + MAIN);

        assertThat(built(resolve())).endsWith("./app");
    }

    @Test
    void aModuleInASubFolderIsBuiltAndStartedThere() throws IOException {
        write("README.md", "hello");
        write("backend/go.mod", "module example.com/backend\n");
        write("backend/cmd/api/main.go", MAIN);
        write("backend/cmd/migrate/main.go", MAIN);
        write("examples/go.mod", "module example.com/examples\n");
        write("examples/main.go", MAIN);

        RunPlan plan = resolve();

        assertThat(built(plan)).isEqualTo("go build -o .argus/simple ./cmd/api");
        assertThat(plan.build().getFirst().directory()).isEqualTo("backend");
        assertThat(plan.start().directory()).isEqualTo("backend");
    }

    @Test
    void amongSeveralTheOnlyOneThatListensIsTaken() throws IOException {
        write("go.mod", "module example.com/other\n");
        write("cmd/alpha/main.go", MAIN);
        write("cmd/beta/main.go", "package main\nimport \"net/http\"\nfunc main() { http.ListenAndServe(a, nil) }\n");

        assertThat(built(resolve())).endsWith("./cmd/beta");
    }

    @Test
    void theModuleCalledLikeTheServiceIsTakenFromACollectionOfServices() throws IOException {
        write("go.mod", "module example.com/collection\n");
        write("alpha/main.go", MAIN);
        write("services/simple/go.mod", "module example.com/collection/simple\n");
        write("services/simple/main.go", MAIN);
        write("services/other/go.mod", "module example.com/collection/other\n");
        write("services/other/main.go", MAIN);
        assertThat(resolve().build().getFirst().directory()).isEqualTo("services/simple");

        write("main.go", MAIN);
        assertThat(resolve().build().getFirst().directory()).isEmpty();
    }

    @Test
    void aRootModuleWithoutProgramGivesWayToTheOneInside() throws IOException {
        write("go.mod", "module example.com/lib\n");
        write("lib.go", "package lib\n");
        write("server/go.mod", "module example.com/lib/server\n");
        write("server/main.go", MAIN);

        assertThat(resolve().build().getFirst().directory()).isEqualTo("server");
    }

    @Test
    void theOldKindWithoutGoModGetsOne() throws IOException {
        write("main.go", "package main\n\nimport \"net/http\"\n\nfunc main() { http.ListenAndServe(\"\", nil) }\n");

        assertThat(built(resolve())).isEqualTo("go mod init simple && go build -mod=mod -o .argus/simple .");
    }

    @Test
    void theOldKindWithForeignImportsIsTidiedUnderTheNameByWhichItImportsItself() throws IOException {
        write(
                "main.go",
                "package main\n\nimport (\n\t\"fmt\"\n\t// db \"not/this\"\n\t_ \"github.com/google/uuid\"\n\t\"github.com/me/app/db\"\n)\n");
        write("db/db.go", "package db\nimport \"net/http\"\n");
        write("http/http.go", "package http\n");

        assertThat(shown(resolve().build()))
                .containsExactly(
                        "go mod init github.com/me/app",
                        "go mod tidy",
                        "go build -mod=mod -buildvcs=false -trimpath -o .argus/simple .");
    }

    private List<String> startsOf(String code) throws IOException {
        write("go.mod", "module simple\n");
        write("main.go", "package main\nimport \"flag\"\n" + code + "\nfunc main() {}\n");
        RunPlan plan = resolve();
        var starts = new ArrayList<>(List.of(plan.start().shown()));
        starts.addAll(shown(plan.alternativeStarts()));
        return starts.stream()
                .map(start -> start.replace("./.argus/simple", "").strip())
                .toList();
    }

    @Test
    void aProgramWithAFlagForItsPortAndNoOtherWayIsStartedWithItFirst() throws IOException {
        assertThat(startsOf("var p = flag.Int(\"port\", 8080, \"\")")).containsExactly("--port {port}", "{port}", "");
        assertThat(startsOf("var p = flag.String(\"addr\", \"localhost:4000\", \"\")"))
                .first()
                .isEqualTo("--addr localhost:{port}");
        assertThat(startsOf("func init() { flag.StringVar(&port, \"port\", env(\"X_PORT\", \"80\"), \"\") }"))
                .first()
                .isEqualTo("--port {port}");
    }

    @Test
    void flagsOfOtherLibrariesAreKnownToo() throws IOException {
        assertThat(
                        startsOf(
                                "var (\n a = kingpin.Flag(\"web.listen-address\", \"Where \\\"it\\\" is.\").Default(\":9102\").String()\n)"))
                .first()
                .isEqualTo("--web.listen-address :{port}");
        assertThat(startsOf("var a = app.Flag(\"port\", \"Port.\").Default(\"80\").Int()"))
                .first()
                .isEqualTo("--port {port}");
        assertThat(
                        startsOf(
                                "var f = &cli.StringFlag{\n\tName: \"listen-addr\",\n\tValue: \":3000\",\n\tEnvVars: []string{\"X\"},\n}"))
                .first()
                .isEqualTo("--listen-addr :{port}");
        assertThat(startsOf("var f = kingpinflag.AddFlags(kingpin.CommandLine, \":9091\")"))
                .first()
                .isEqualTo("--web.listen-address :{port}");
    }

    @Test
    void aFlagIsTheSecondTryWhereTheProgramTakesItsPortOtherwiseOrTheFlagMayMeanSomethingElse() throws IOException {
        assertThat(startsOf("var p = flag.Int(\"port\", 8080, \"\"); var e = os.Getenv(\"PORT\")"))
                .containsExactly("{port}", "--port {port}", "");
        assertThat(startsOf("var p = flag.Int(\"port\", 8080, \"\"); var e = os.Args[1]"))
                .first()
                .isEqualTo("{port}");
        assertThat(startsOf("func init() { flag.StringVar(&c.Port, \"p\", \":80\", \"\") }"))
                .containsExactly("{port}", "-p :{port}", "");
        assertThat(startsOf("var a = flag.String(\"address\", \"redis:6379\", \"\")"))
                .containsExactly("{port}", "--address redis:{port}", "");
    }

    @Test
    void theFlagOfTheProgramCountsBeforeThoseOfItsPackages() throws IOException {
        write("a/a.go", "package a\nvar a = flag.String(\"addr\", \":1\", \"\")\n");

        assertThat(startsOf("var p = flag.Int(\"http-port\", 8080, \"\")"))
                .first()
                .isEqualTo("--http-port {port}");
    }

    @Test
    void aProgramOfSubCommandsIsAlsoTriedWithTheOneThatServes() throws IOException {
        write("go.mod", "module simple\n");
        write("main.go", MAIN);
        write(
                "cmd/serve.go",
                "package cmd\nimport \"github.com/spf13/cobra\"\nvar c = &cobra.Command{Use: \"serve\"}\nfunc init() { c.Flags().IntVarP(&port, \"port\", \"p\", 80, \"\") }\n");

        RunPlan plan = resolve();
        assertThat(plan.start().shown()).isEqualTo("./.argus/simple --port {port}");
        assertThat(shown(plan.alternativeStarts()))
                .containsExactly("./.argus/simple {port}", "./.argus/simple", "./.argus/simple serve --port {port}");
    }

    @Test
    void eachFieldComesFromTheFirstThatSaysItAndThePlanSaysWhere() throws IOException {
        write(
                "argus.json",
                "{\"build\": \"make\", \"start\": \"./a {port}\", \"env\": {\"A\": \"m\", \"B\": \"m\"}, \"instances\": 2}");
        write("Procfile", "web: ./b\n");
        write("script.sh", SCRIPT);

        RunPlan plan =
                resolve(request("{\"start\": \"./c\", \"env\": {\"A\": \"r\"}, \"isalive\": {\"path\": \"/up\"}}"));

        assertThat(plan.kind()).isEqualTo("request");
        assertThat(plan.start().shown()).isEqualTo("./c");
        assertThat(plan.alternativeStarts()).isEmpty();
        assertThat(shown(plan.build())).containsExactly("make");
        assertThat(plan.env()).isEqualTo(Map.of("A", "r", "B", "m"));
        assertThat(plan.instances()).isEqualTo(2);
        assertThat(plan.probe().path()).isEqualTo("/up");
        assertThat(plan.probe().failures()).isEqualTo(3);
        assertThat(plan.origins())
                .containsEntry("start", "deploy request")
                .containsEntry("build", "argus.json")
                .containsEntry("env", "deploy request over argus.json")
                .containsEntry("isalive", "deploy request")
                .containsEntry("hosts", "default");
    }

    @Test
    void theManifestBeatsTheProcfileAndTheProcfileTheScript() throws IOException {
        write("script.sh", SCRIPT);
        assertThat(resolve().kind()).isEqualTo("script");

        write("Procfile", "release: ./migrate\nweb: MODE=x ./b -p $PORT\n");
        RunPlan procfile = resolve();
        assertThat(procfile.kind()).isEqualTo("procfile");
        assertThat(procfile.start().argv()).containsExactly("./b", "-p", "{port}");
        assertThat(procfile.start().environment()).containsEntry("MODE", "x");

        write("argus.json", "{\"$schema\": \"x\", \"start\": \"./a\"}");
        assertThat(resolve().kind()).isEqualTo("manifest");
    }

    @Test
    void aScriptWithStartAndStopIsRunAfterTheGoBuildUnderTheNameThatItStarts() throws IOException {
        write("go.mod", "module example.com/demo\n");
        write("main.go", MAIN);
        write("script.sh", SCRIPT);
        Files.setPosixFilePermissions(checkout.resolve("script.sh"), PosixFilePermissions.fromString("rwxr-xr-x"));

        RunPlan plan = resolve();

        assertThat(plan.kind()).isEqualTo("script");
        assertThat(plan.detaches()).isTrue();
        assertThat(built(plan)).isEqualTo("go build -o simple .");
        assertThat(plan.start().shown()).isEqualTo("./script.sh start");
        assertThat(Objects.requireNonNull(plan.stop()).shown()).isEqualTo("./script.sh stop");
    }

    @Test
    void aScriptThatIsNotExecutableIsRunByItsShell() throws IOException {
        write("script.sh", SCRIPT.replace("/bin/sh", "/usr/bin/env bash"));

        RunPlan plan = resolve();

        assertThat(plan.start().shown()).isEqualTo("bash script.sh start");
        assertThat(plan.build()).isEmpty();
    }

    @Test
    void whatTheStartNamesAndTheRepositoryLacksIsBuilt() throws IOException {
        write("go.mod", "module example.com/demo\n");
        write("main.go", MAIN);

        assertThat(built(resolve(request("{\"start\": \"./bin/app {port}\"}")))).isEqualTo("go build -o bin/app .");
        assertThat(built(resolve(request("{\"start\": \"/usr/bin/env sh\"}")))).isEmpty();

        write("Procfile", "web: demo --http :$PORT\n");
        RunPlan plan = resolve();
        assertThat(built(plan)).isEqualTo("go build -o .argus/demo .");
        assertThat(plan.start().argv()).containsExactly("./.argus/demo", "--http", ":{port}");
    }

    @Test
    void theOutputOfAGivenGoBuildIsStarted() throws IOException {
        write("go.mod", "module example.com/demo\n");
        write("main.go", MAIN);

        assertThat(resolve(request("{\"build\": \"go build -o app .\"}"))
                        .start()
                        .argv())
                .containsExactly("./app", "{port}");
        assertThat(resolve(request("{\"build\": \"go build\"}")).start().argv()).containsExactly("./demo", "{port}");
        assertThat(resolve(request("{\"build\": \"go build -o bin/ ./cmd/x\"}"))
                        .start()
                        .argv())
                .containsExactly("./bin/x", "{port}");
        assertThatThrownBy(() -> resolve(request("{\"build\": \"make\"}"))).hasMessageContaining("set start");
    }

    @Test
    void aRepositoryThatSaysNothingIsAnErrorThatSaysWhatToAdd() throws IOException {
        write("README.md", "hello");
        assertThatThrownBy(this::resolve)
                .isInstanceOfSatisfying(
                        InvalidValue.class,
                        refused -> assertThat(refused.field()).isEqualTo("start"))
                .hasMessageContaining("argus.json");

        write("lib.go", "package lib\n");
        assertThatThrownBy(this::resolve).hasMessageContaining("no package main");
    }

    @Test
    void whatIsWrongInTheManifestIsSaidWithItsNameAndPath() throws IOException {
        write("argus.json", "{\"isalive\": {\"interval\": \"1ms\"}}");
        assertThatThrownBy(this::resolve)
                .isInstanceOfSatisfying(
                        InvalidValue.class,
                        refused -> assertThat(refused.field()).isEqualTo("isalive.interval"))
                .hasMessageStartingWith("argus.json: isalive.interval");

        write("argus.json", "{\"instances\": 1, \"instances\": 2}");
        assertThatThrownBy(this::resolve).hasMessageContaining("Duplicate");

        Files.delete(checkout.resolve("argus.json"));
        write("Procfile", "web: cd x && ./b\n");
        assertThatThrownBy(this::resolve).hasMessageStartingWith("Procfile: ").hasMessageContaining("no shell");
    }

    @Test
    void aManifestThatIsALinkOrTooLargeIsNotRead(@TempDir Path outside) throws IOException {
        Path secret = Files.writeString(outside.resolve("secret.json"), "{\"start\": \"./stolen\"}");
        Files.createSymbolicLink(checkout.resolve("argus.json"), secret);
        assertThatThrownBy(this::resolve)
                .hasMessageContaining("not a plain file")
                .message()
                .doesNotContain("stolen");

        Files.delete(checkout.resolve("argus.json"));
        write("argus.json", " ".repeat((1 << 20) + 1));
        assertThatThrownBy(this::resolve).hasMessageContaining("1 MiB");
    }

    @Test
    void aGoFileWithVeryManyCommentLinesIsReadAll() {
        GoFile file = GoFile.of("", "a.go", "// x\n".repeat(50_000) + "package main\nimport \"a\"\n");

        assertThat(file.isMain()).isTrue();
        assertThat(file.imports()).containsExactly("a");
    }
}
