package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.argus.store.Database;
import dev.argus.store.Statement;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the host does to Argus is never taken for the fault of a service: full and read-only disks, no more handles, a standstill. */
final class HostFaultTest {
    private static final String DISK = "600m";
    private static final Duration STANDSTILL = Duration.ofSeconds(20);
    private static final Duration WITHOUT_HANDLES = Duration.ofSeconds(6);
    private static final int HANDLES = 300;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private static void signal(String name, long pid) {
        run("kill", "-" + name, String.valueOf(pid));
    }

    private static String run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).as(said).isTrue();
            assertThat(process.exitValue()).as(said).isZero();
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private List<String> deploySome(RunningArgus argus, int count) {
        ServiceRepository repository = SmallService.repository(directory, "some");
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add("service-" + i);
            argus.deployed("service-" + i, repository.body());
        }
        return names;
    }

    private static List<Long> pids(RunningArgus argus, List<String> names) {
        return names.stream().map(argus::pid).toList();
    }

    /** Holds for longer than probes take to find that a service is down. */
    private static void assertNeverRestarted(RunningArgus argus, List<String> names, List<Long> pids) {
        await("nothing happens")
                .during(Duration.ofSeconds(5))
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(250))
                .untilAsserted(() -> {
                    assertThat(pids(argus, names)).isEqualTo(pids);
                    assertThat(names)
                            .allSatisfy(name -> assertThat(argus.instance(name).getInteger("restarts"))
                                    .as(name)
                                    .isZero());
                });
    }

    @Test
    void aStandstillOfArgusRestartsNoServiceAndLosesNoVisitor() throws Exception {
        try (RunningArgus argus = RunningArgus.inAProcess(directory.resolve("data"), config -> config)) {
            List<String> names = deploySome(argus, 5);
            List<Long> pids = pids(argus, names);
            String url = argus.service("service-0").getString("url");
            int port = java.net.URI.create(url).getPort();

            signal("STOP", argus.ownPid());
            try (var visitor = new Socket(InetAddress.getLoopbackAddress(), port)) {
                visitor.getOutputStream()
                        .write("GET / HTTP/1.1\r\nHost: service-0.localhost\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                await("a standstill of twenty intervals of the probes")
                        .during(STANDSTILL)
                        .atMost(STANDSTILL.plusSeconds(10))
                        .until(() -> isStopped(argus.ownPid()));
                signal("CONT", argus.ownPid());
                visitor.setSoTimeout(10_000);
                assertThat(new String(visitor.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .startsWith("HTTP/1.1 200");
            } finally {
                signal("CONT", argus.ownPid());
            }

            assertNeverRestarted(argus, names, pids);
        }
    }

    @Test
    void aKillOfArgusInABackOffKeepsTheCountAndTheDelays() {
        try (RunningArgus argus = RunningArgus.inAProcess(directory.resolve("data"), config -> config)) {
            JsonObject body = SmallService.repository(directory, "crashing")
                    .body()
                    .put("env", new JsonObject().put("CRASH_AFTER", "1.5"));
            argus.deploy("crashing", body);
            JsonObject failed = argus.awaitStatus("crashing", "failed");
            int restarts = failed.getJsonArray("instances").getJsonObject(0).getInteger("restarts");
            assertThat(restarts).as(failed.encodePrettily()).isGreaterThanOrEqualTo(4);

            argus.kill();
            argus.begin();

            // one that forgot would call it running or in its first back-off
            JsonObject after = argus.awaitStatus("crashing", "failed");
            assertThat(after.getJsonArray("instances").getJsonObject(0).getInteger("restarts"))
                    .isBetween(restarts, restarts + 1);
            await("it is tried again all the same")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> argus.instance("crashing").getInteger("restarts") > restarts);
        }
    }

    @Test
    void anArgusWithoutFreeHandlesRestartsNoServiceAndGoesOnWhenTheyAreFree() throws Exception {
        try (RunningArgus argus = RunningArgus.inAProcessBy(
                List.of("prlimit", "--nofile=" + HANDLES + ":" + HANDLES),
                directory.resolve("data"),
                config -> config)) {
            List<String> names = deploySome(argus, 5);
            List<Long> pids = pids(argus, names);
            List<Socket> crowd = new ArrayList<>();
            try {
                // the kernel accepts for who cannot: more than there are handles
                for (int i = 0; i < 400; i++) {
                    crowd.add(new Socket(InetAddress.getLoopbackAddress(), argus.port()));
                }
                // once in a second the server looks whether it can accept again, and closes a handle meanwhile
                await("some intervals of the probes without handles")
                        .during(WITHOUT_HANDLES)
                        .atMost(RunningArgus.PATIENCE)
                        .until(() -> handles(argus.ownPid()) >= HANDLES - 5);
            } finally {
                for (Socket one : crowd) {
                    one.close();
                }
            }

            assertNeverRestarted(argus, names, pids);
            signal("KILL", pids.getFirst());
            await("a restart as ever")
                    .atMost(RunningArgus.PATIENCE)
                    .until(() -> argus.instance(names.getFirst()).getInteger("restarts") == 1);
        }
    }

    private static boolean isStopped(long pid) throws IOException {
        return Files.readString(Path.of("/proc", String.valueOf(pid), "status")).contains("State:\tT");
    }

    private static long handles(long pid) throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc", String.valueOf(pid), "fd"))) {
            return open.count();
        }
    }

    // disks

    /** A server whose data directory is a small disk of its own, which only it and its services see. */
    private RunningArgus onASmallDisk() {
        Path data = directory.resolve("data");
        String script = "cp -a \"$0\" \"$0.before\" && mount -t tmpfs -o mode=700,size=" + DISK
                + " tmpfs \"$0\" && cp -a \"$0.before/.\" \"$0\" && exec \"$@\"";
        return RunningArgus.inAProcessBy(
                List.of("unshare", "-rm", "sh", "-c", script, data.toString()), data, config -> config);
    }

    /** What starts a server where the services of another are seen, which only processes of the same user namespace do. */
    private static List<String> beside(long service, String... more) {
        List<String> command = new ArrayList<>(List.of("nsenter", "--target", Long.toString(service), "--user"));
        command.addAll(List.of("--mount", "--preserve-credentials"));
        command.addAll(List.of(more));
        return command;
    }

    private static RunningArgus onTheSameDiskReadOnly(Path data, long service) {
        String script = "mount --bind \"$0\" \"$0\" && mount -o remount,ro,bind \"$0\" && exec \"$@\"";
        return RunningArgus.inAProcessBy(
                beside(service, "unshare", "--mount", "sh", "-c", script, data.toString()), data, config -> config);
    }

    private static Path diskOf(RunningArgus argus) {
        return Path.of("/proc", String.valueOf(argus.ownPid()), "root")
                .resolve(Path.of("/").relativize(argus.dataDirectory()));
    }

    /** Ends what is left of services on the disk that nobody else sees. */
    private static void endAllOn(Path namespace) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            for (Path process : all.filter(path -> path.getFileName().toString().matches("\\d+"))
                    .toList()) {
                long pid = Long.parseLong(process.getFileName().toString());
                if (namespace.equals(namespaceOf(pid))) {
                    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
                }
            }
        }
    }

    private static Path namespaceOf(long pid) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", String.valueOf(pid), "ns/mnt"));
        } catch (IOException gone) {
            return Path.of("");
        }
    }

    private static void fill(Path file) throws IOException {
        var block = new byte[64 * 1024];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int size = block.length; size > 0; size /= 4) {
                boolean room = true;
                while (room) {
                    room = wrote(out, block, size);
                }
            }
        }
    }

    private static boolean wrote(OutputStream out, byte[] block, int size) {
        try {
            out.write(block, 0, size);
            return true;
        } catch (IOException full) {
            return false;
        }
    }

    /** Kills the service and waits for the process that takes its place. */
    private static void killAndAwaitTheNext(RunningArgus argus, String name) {
        JsonObject before = argus.instance(name);
        long killed = before.getLong("pid");
        signal("KILL", killed);
        await("another process of " + name)
                .atMost(RunningArgus.PATIENCE)
                .until(() -> SmallService.ask(before.getInteger("port")), pid -> pid != 0 && pid != killed);
    }

    /** Read in a copy: SQLite follows the way to a disk that nobody else sees to its end, which is another place here. */
    private long restartsInTheStore(RunningArgus argus, String service) throws IOException {
        Path copy = Files.createTempDirectory(directory, "store");
        for (String file : List.of(Database.FILE, Database.FILE + "-wal")) {
            Files.copy(diskOf(argus).resolve(file), copy.resolve(file));
        }
        try (var store = Database.open(copy)) {
            return store.read(Statement.of("SELECT restarts FROM instances WHERE service = ?", service))
                    .getFirst()
                    .number("restarts");
        }
    }

    private static void expectRefusal(Answer refused) {
        assertThat(refused.status()).as(refused.body()).isEqualTo(503);
        assertThat(refused.json().getString("detail"))
                .isEqualTo("The disk of the store is full; nothing was changed, make room on it.");
    }

    @Test
    void aFullDiskRefusesChangesKeepsServicesAndGivesWayWhenThereIsRoomAgain() throws Exception {
        try (RunningArgus argus = onASmallDisk()) {
            Path namespace = namespaceOf(argus.ownPid());
            try {
                List<String> names = deploySome(argus, 2);
                Path filler = diskOf(argus).resolve("filler");
                fill(filler);

                expectRefusal(argus.call(
                        "PATCH",
                        "/services/service-1/env",
                        argus.adminToken(),
                        new JsonObject().put("BIG", "x".repeat(30_000)).encode()));
                killAndAwaitTheNext(argus, "service-0");
                assertThat(argus.get("/services/service-1").status()).isEqualTo(200);
                expectRefusal(argus.post("/services/service-1/deploy", new JsonObject()));

                Files.delete(filler);
                assertThat(argus.call(
                                        "PATCH",
                                        "/services/service-1/env",
                                        argus.adminToken(),
                                        new JsonObject().put("SMALL", "y").encode())
                                .status())
                        .isEqualTo(200);
                assertThat(argus.deploy("service-1", new JsonObject()).getString("outcome"))
                        .isEqualTo("succeeded");
                names.forEach(name -> argus.awaitStatus(name, "running"));
                // the restart of when the disk was full is kept in the end
                await("its record")
                        .atMost(RunningArgus.PATIENCE)
                        // a copy made during a write is torn
                        .ignoreExceptions()
                        .until(() -> restartsInTheStore(argus, "service-0") == 1);
            } finally {
                argus.kill();
                endAllOn(namespace);
            }
        }
    }

    @Test
    void onAReadOnlyDiskServicesAreWatchedAndReachedAndEveryAnswerSaysThatNothingCanBeChanged() throws Exception {
        Path data = directory.resolve("data");
        List<String> names;
        List<Long> pids;
        try (RunningArgus before = RunningArgus.inAProcessBy(List.of("unshare", "-rm"), data, config -> config)) {
            names = deploySome(before, 2);
            pids = pids(before, names);
            before.kill();
            try (RunningArgus argus = onTheSameDiskReadOnly(data, pids.getFirst())) {
                names.forEach(name -> argus.awaitStatus(name, "running"));
                assertThat(pids(argus, names)).isEqualTo(pids);
                Answer looked = argus.get("/services");
                assertThat(looked.status()).isEqualTo(200);
                assertThat(looked.header("Argus-Warning")).startsWith("The disk of Argus's data is mounted read-only:");
                Answer refused = argus.post("/services/service-0/stop");
                assertThat(refused.status()).as(refused.body()).isEqualTo(503);
                assertThat(refused.json().getString("detail"))
                        .startsWith("The disk of the store is mounted read-only; nothing was changed");
                int port = argus.instance("service-0").getInteger("port");
                // what cannot be started again is not stopped for being slow
                signal("STOP", pids.getFirst());
                assertThat(argus.awaitStatus("service-0", "unhealthy").getString("reason"))
                        .contains("it is not restarted, since nothing can be written on the disk of Argus's data");
                signal("CONT", pids.getFirst());
                argus.awaitStatus("service-0", "running");
                await().atMost(RunningArgus.PATIENCE).until(() -> SmallService.ask(port) == pids.getFirst());
                argus.kill();
                expectTakenUpWhereItCanBeWritten(data, names, pids);
            }
        }
    }

    private static void expectTakenUpWhereItCanBeWritten(Path data, List<String> names, List<Long> pids) {
        try (RunningArgus after = RunningArgus.inAProcessBy(beside(pids.getFirst()), data, config -> config)) {
            names.forEach(name -> after.awaitStatus(name, "running"));
            assertThat(pids(after, names)).isEqualTo(pids);
            assertThat(after.get("/services").header("Argus-Warning")).isEmpty();
        }
    }
}
