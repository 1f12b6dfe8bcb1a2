package dev.argus.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExaminationTest {
    private static final String PYTHON = "/usr/bin/python3";

    @TempDir
    Path directory;

    private Instances instances;

    @BeforeEach
    void open() {
        instances = new Instances(directory);
    }

    @AfterEach
    void close() {
        instances.close();
    }

    private static Examination within(Duration time) {
        return new Examination(System.nanoTime() + time.toNanos());
    }

    @Test
    void aProcessIsSeenWithItsThreadsFilesAndWaitingConnections() throws Exception {
        var instance = instances.launch(List.of(PYTHON, "-S", "-c", """
                import os, socket, threading
                threading.Thread(target=threading.Event().wait, daemon=True).start()
                log = open(os.devnull)
                lost = open("lost", "w"); os.unlink("lost")
                ends = os.pipe()
                server = socket.socket(); server.bind(("127.0.0.1", 0)); server.listen(5)
                clients = [socket.create_connection(server.getsockname()) for _ in range(3)]
                print("port", server.getsockname()[1], flush=True)
                threading.Event().wait()
                """));
        instance.awaitOutput("port");

        ProcessEvidence seen =
                within(Duration.ofSeconds(5)).of(List.of(instance.service())).getFirst();

        String port = instance.output().trim().substring("port ".length());
        assertThat(seen.pid()).isEqualTo(instance.service().pid());
        assertThat(seen.command()).startsWith(PYTHON + " -S -c");
        assertThat(seen.state()).isEqualTo("sleeping");
        assertThat(seen.threads()).isEqualTo(2);
        assertThat(seen.waits().values().stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(2);
        assertThat(seen.residentBytes()).isPositive();
        assertThat(seen.peakBytes()).isGreaterThanOrEqualTo(seen.residentBytes());
        assertThat(seen.files())
                .containsEntry("socket", 4)
                .containsEntry("pipe", 2)
                .containsEntry("deleted", 1);
        assertThat(seen.openFiles())
                .isEqualTo(seen.files().values().stream()
                        .mapToInt(Integer::intValue)
                        .sum());
        assertThat(seen.mostFiles()).isGreaterThan(seen.openFiles());
        assertThat(seen.sockets()).hasSize(4).first().satisfies(listening -> {
            assertThat(listening.listens()).isTrue();
            assertThat(listening.local()).isEqualTo("127.0.0.1:" + port);
            assertThat(listening.receiveQueue()).isEqualTo(3);
        });
    }

    @Test
    void aStoppedProcessIsCalledThatAndAGoneOneIsLeftOut() throws Exception {
        var stopped = instances.sh("exec sleep 600");
        Signal.STOP.send(stopped.service());
        org.awaitility.Awaitility.await()
                .until(() -> stopped.service().stat().orElseThrow().state() == 'T');
        var gone = instances.sh("exit 0");
        ProcessIdentity ended = gone.shim();
        gone.ended();
        org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !ended.isAlive());

        assertThat(within(Duration.ofSeconds(5)).of(List.of(ended, stopped.service())))
                .singleElement()
                .satisfies(seen -> assertThat(seen.state()).isEqualTo("stopped"));
    }

    @Test
    void nothingIsLookedAtAfterTheDeadline() throws Exception {
        var instance = instances.sh("exec sleep 600");
        assertThat(within(Duration.ZERO).of(List.of(instance.service()))).isEmpty();
    }

    @Test
    void aDumpIsWhatIsWrittenAfterTheSignal() throws Exception {
        var instance = instances.launch(List.of(PYTHON, "-c", """
                import faulthandler, signal, threading
                faulthandler.register(signal.SIGQUIT)
                print("ready", flush=True)
                threading.Event().wait()
                """));
        instance.awaitOutput("ready");
        var log = new InstanceLog(directory, instance.id());

        List<String> dump = ThreadDump.take(List.of(instance.service()), log, Duration.ofSeconds(5));

        assertThat(dump).isNotEmpty().doesNotContain("ready");
        assertThat(String.join("\n", dump)).contains("most recent call first");
        assertThat(instance.service().isAlive()).isTrue();
    }

    @Test
    void whoWritesNoDumpIsNotWaitedForLongerThanAllowed() throws Exception {
        var instance = instances.sh("trap '' QUIT; echo ready; while :; do sleep 600; done");
        instance.awaitOutput("ready");
        long begun = System.nanoTime();
        assertThat(ThreadDump.take(
                        List.of(instance.service()), new InstanceLog(directory, instance.id()), Duration.ofMillis(300)))
                .isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isBetween(Duration.ofMillis(290), Duration.ofSeconds(3));
    }

    @Test
    void socketsAreReadFromTheKernelsTables() {
        Map<Long, Socket> sockets = SocketTable.parse("tcp", """
                  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
                   0: 0100007F:1F90 00000000:0000 0A 00000000:00000002 00:00000000 00000000     0        0 4711 1 x 100 0 0 10 0
                   1: 0100007F:1F90 0200000A:C001 08 00000010:000000FF 00:00000000 00000000     0        0 4712 1 x 20 4 30 10 -1
                garbage
                """);
        assertThat(sockets)
                .containsOnly(
                        entry(4711L, new Socket("tcp", "LISTEN", "127.0.0.1:8080", "0.0.0.0:0", 2, 0)),
                        entry(4712L, new Socket("tcp", "CLOSE_WAIT", "127.0.0.1:8080", "10.0.0.2:49153", 255, 16)));
        assertThat(SocketTable.parse("tcp6", """
                        head
                           0: 00000000000000000000000000000000:1F90 0000000000000000FFFF00000100007F:0050 01 00000000:00000000 00:0 0 0 0 1 1
                        """).get(1L))
                .isEqualTo(new Socket("tcp6", "ESTABLISHED", "[::]:8080", "[::ffff:127.0.0.1]:80", 0, 0));
    }

    @Test
    void systemCallsAreCalledByTheirNames() {
        assertThat(SystemCall.describe("running\n", "amd64")).isEqualTo("computing");
        assertThat(SystemCall.describe("0 0x3 0x7f 0x1 0x0 0x0 0x0 0x7f 0x7f\n", "amd64"))
                .isEqualTo("read of descriptor 3");
        assertThat(SystemCall.describe("202 0x7f 0x80 0x0", "amd64")).isEqualTo("futex");
        assertThat(SystemCall.describe("98 0x7f 0x80 0x0", "aarch64")).isEqualTo("futex");
        assertThat(SystemCall.describe("999 0x7f", "amd64")).isEqualTo("system call 999");
        assertThat(SystemCall.describe("0 0x3", "riscv64")).isEqualTo("system call 0");
        assertThat(SystemCall.describe("-1 0x7ffd 0x7f", "amd64")).isEmpty();
        assertThat(SystemCall.describe("", "amd64")).isEmpty();
    }

    @Test
    void openFilesAreSortedByTheirKinds() {
        assertThat(Examination.kind("socket:[1]")).isEqualTo("socket");
        assertThat(Examination.kind("pipe:[1]")).isEqualTo("pipe");
        assertThat(Examination.kind("anon_inode:[eventpoll]")).isEqualTo("eventpoll");
        assertThat(Examination.kind("anon_inode:inotify")).isEqualTo("inotify");
        assertThat(Examination.kind("/dev/null")).isEqualTo("device");
        assertThat(Examination.kind("/tmp/x (deleted)")).isEqualTo("deleted");
        assertThat(Examination.kind("/tmp/a:[b")).isEqualTo("file");
    }

    @Test
    void onlyWhatTheKernelSaysOfThisProcessIsAKillForMemory() {
        String log = """
                <6>[  100.000001] app invoked oom-killer: gfp_mask=0x0
                <3>[  100.000002] Memory cgroup out of memory: Killed process 4711 (app) total-vm:1kB
                <3>[  200.000002][  T33] Out of memory: Killed process 4712 (app) total-vm:1kB
                """;
        assertThat(KernelLog.tellsOfKill(log, 4711, 99)).isTrue();
        assertThat(KernelLog.tellsOfKill(log, 4712, 99)).isTrue();
        assertThat(KernelLog.tellsOfKill(log, 4711, 101))
                .as("of an earlier process")
                .isFalse();
        assertThat(KernelLog.tellsOfKill(log, 471, 0)).isFalse();
        assertThat(KernelLog.tellsOfKill("", 1, 0)).isFalse();
        assertThat(OutOfMemory.count("low 0\nhigh 0\nmax 3\noom 2\noom_kill 1\noom_group_kill 0\n"))
                .isEqualTo(OptionalLong.of(1));
        assertThat(OutOfMemory.count("")).isEmpty();
    }

    @Test
    void aKillByAPersonStaysOne() throws Exception {
        var instance = instances.sh("exec sleep 600");
        ProcessIdentity service = instance.service();
        Signal.KILL.send(service);
        Exit exit = instance.ended();
        assertThat(new OutOfMemory().explain(exit, instance.id(), java.util.Optional.of(service)))
                .isEqualTo(new Exit.Killed(9));
    }

    @Test
    void whetherAPortIsTakenIsSeen() throws Exception {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(ListeningPorts.isTaken(socket.getLocalPort())).isTrue();
            assertThat(ListeningPorts.holderOf(socket.getLocalPort())
                            .orElseThrow()
                            .instance())
                    .isEmpty();
        }
    }
}
