package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.argus.config.ServerConfig;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Go services whose work is done by public modules, in repositories of the shapes that are usual and with no manifest. The modules
 * come from the network as in any build: without it these tests fail.
 */
class RealServicesTest {
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    /** A WebDAV server: a module in a folder, a program under {@code cmd} beside another one, a flag for the address. */
    private static final Map<String, String> WEBDAV = Map.of(
            "README.md",
            "Files by WebDAV.\n",
            "server/go.mod",
            "module example.com/files/server\n\ngo 1.18\n\nrequire golang.org/x/net v0.20.0\n",
            "server/cmd/check/main.go",
            "package main\n\nfunc main() {}\n",
            "server/cmd/files-server/main.go",
            """
            package main

            import (
            	"flag"
            	"log"
            	"net/http"

            	"golang.org/x/net/webdav"
            )

            var listen = flag.String("listen", "localhost:8080", "where to listen")

            func main() {
            	flag.Parse()
            	files := &webdav.Handler{FileSystem: webdav.NewMemFS(), LockSystem: webdav.NewMemLS()}
            	log.Fatal(http.ListenAndServe(*listen, files))
            }
            """);

    /** From before Go had modules: no go.mod, packages under the path of the repository, the port from the environment. */
    private static final Map<String, String> WITHOUT_MODULE = Map.of("main.go", """
            package main

            import (
            	"log"
            	"net/http"
            	"os"

            	"example.com/old/greeter/pages"
            )

            func main() {
            	log.Fatal(http.ListenAndServe("localhost:"+os.Getenv("PORT"), pages.Router()))
            }
            """, "pages/pages.go", """
            package pages

            import (
            	"net/http"

            	"github.com/gorilla/mux"
            )

            func Router() http.Handler {
            	router := mux.NewRouter()
            	router.HandleFunc("/health", func(w http.ResponseWriter, r *http.Request) {})
            	router.HandleFunc("/hello/{name}", func(w http.ResponseWriter, r *http.Request) {
            		w.Write([]byte("Hello, " + mux.Vars(r)["name"]))
            	})
            	return router
            }
            """);

    @TempDir
    Path temporary;

    private RunningArgus argus;

    @BeforeEach
    void start() {
        argus = RunningArgus.start(temporary.resolve("data"), RealServicesTest::patient);
    }

    @AfterEach
    void stop() {
        argus.close();
    }

    private static ServerConfig patient(ServerConfig config) {
        return new ServerConfig(
                config.host(),
                config.port(),
                config.dataDirectory(),
                config.portRange(),
                config.gitProtocols(),
                config.proxy(),
                config.health(),
                new ServerConfig.DeployConfig(
                        2, PATIENCE, PATIENCE, Duration.ofSeconds(60), Duration.ofSeconds(5), Duration.ZERO, 3),
                config.log());
    }

    private ServiceRepository repository(String name, Map<String, String> files) {
        ServiceRepository repository = ServiceRepository.empty(temporary, name);
        files.forEach(repository::file);
        return repository.commit("all of it");
    }

    /** The checksums that a repository with dependencies has, made as its author would make them. */
    private String checksums(Map<String, String> files, String module) throws IOException, InterruptedException {
        Path folder = temporary.resolve("author");
        for (var file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(folder.resolve(file.getKey()).resolveSibling(""));
            Files.writeString(path, file.getValue());
        }
        Path log = temporary.resolve("tidy.log");
        var builder = new ProcessBuilder(List.of("go", "mod", "tidy"))
                .directory(folder.resolve(module).toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment()
                .putAll(Map.of(
                        "GOFLAGS",
                        "-modcacherw",
                        "GOPATH",
                        temporary.resolve("go").toString()));
        Process tidy = builder.start();
        try {
            assertThat(tidy.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(tidy.exitValue()).as(Files.readString(log)).isZero();
        } finally {
            tidy.destroyForcibly();
        }
        return Files.readString(folder.resolve(module).resolve("go.sum"));
    }

    private void deployed(String name, ServiceRepository repository) {
        String id = argus.beginDeploy(name, repository.body());
        JsonObject ended = await("end of deployment " + id)
                .atMost(PATIENCE.multipliedBy(2))
                .until(() -> argus.deployment(id), deployment -> deployment.getString("outcome") != null);
        assertThat(ended.getString("outcome")).as(ended.encodePrettily()).isEqualTo("succeeded");
        JsonObject service = argus.awaitStatus(name, "running");
        assertThat(service.getJsonArray("instances").getJsonObject(0).getInteger("restarts"))
                .isZero();
    }

    @Test
    void aModuleInAFolderWithItsProgramUnderCmdAndAPortFlagDeploysWithoutAManifest() throws Exception {
        try (var repository = repository("files-server", WEBDAV)
                .file("server/go.sum", checksums(WEBDAV, "server"))
                .commit("with checksums")) {
            deployed("files-server", repository);

            int given = argus.instance("files-server").getInteger("port");
            assertThat(given)
                    .isBetween(
                            argus.config().portRange().first(),
                            argus.config().portRange().last());
            assertThat(argus.ask("files-server", "/nothing").status()).isEqualTo(404);
        }
    }

    @Test
    void anOldRepositoryWithoutGoModAndWithPublicDependenciesDeploysWithoutAManifest() {
        try (var repository = repository("greeter", WITHOUT_MODULE)) {
            deployed("greeter", repository);

            assertThat(argus.ask("greeter", "/hello/world").body()).isEqualTo("Hello, world");
            assertThat(argus.get("/services/greeter/why").body()).contains("/health is probed");
        }
    }
}
