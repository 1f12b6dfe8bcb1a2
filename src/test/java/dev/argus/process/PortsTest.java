package dev.argus.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortsTest {
    /** A listener without any tool beyond the JDK that runs this test. */
    private static final String LISTENER = """
            public class Listener {
                public static void main(String[] args) throws Exception {
                    var socket = new java.net.ServerSocket(0, 1, java.net.InetAddress.getByName(args[0]));
                    System.out.println("port " + socket.getLocalPort() + " end");
                    socket.accept();
                }
            }
            """;

    @TempDir
    Path directory;

    @Test
    void theKernelsTableIsReadForListenersOfBothFamilies() throws IOException {
        String table = """
                  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
                   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 17395 1 0000 100 0 0 10 0
                   1: 0100007F:1F91 0100007F:D431 03 00000000:00000000 00:00000000 00000000     0        0 17396 1 0000 100 0 0 10 0
                   2: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 17397 1 0000 100 0
                   3: damaged
                   4: 0100007F:1F92 0100007F:D432 01 00000000:00000000 00:00000000 00000000     0        0 17398 1 0000 100 0 0 10 0
                   5: 0100007F:1F92 0100007F:D433 06 00000000:00000000 00:00000000 00000000     0        0 0 1 0000 100 0 0 10 0
                """;

        assertThat(ListeningPorts.parse(new BufferedReader(new StringReader(table))))
                .isEqualTo(Map.of(17395L, 8080, 17397L, 80));
    }

    @Test
    void thePortOfAnInstanceIsFoundByTheSocketsItOwns() throws Exception {
        Files.writeString(directory.resolve("Listener.java"), LISTENER);
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        try (var instances = new Instances(directory)) {
            var instance =
                    instances.launch(List.of("sh", "-c", "\"$0\" -Xshare:auto Listener.java 127.0.0.1; :", java));
            await().atMost(Instances.SOON.multipliedBy(3))
                    .until(() -> instance.output().contains(" end"));
            int port = Integer.parseInt(instance.output().split(" ", -1)[1]);

            assertThat(ListeningPorts.of(instance.members())).containsExactly(port);
            assertThat(ListeningPorts.of(List.of())).isEmpty();
            var holder = ListeningPorts.holderOf(port).orElseThrow();
            assertThat(holder.command()).contains("Listener.java 127.0.0.1");
            assertThat(instance.members().stream().map(ProcessIdentity::pid)).contains(holder.pid());
        }
    }

    @Test
    void thisProcessIsNamedAsTheHolderOfAPort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            assertThat(ListeningPorts.holderOf(socket.getLocalPort()))
                    .map(ListeningPorts.Holder::pid)
                    .contains(ProcessHandle.current().pid());
        }
    }

    @Test
    void aFreePortHasNoHolder() throws IOException {
        assertThat(ListeningPorts.holderOf(freeRange(1))).isEqualTo(Optional.empty());
    }

    @Test
    void aPortIsNotHandedOutTwiceAndComesBackAfterAllOthers() throws IOException {
        int first = freeRange(3);
        var ports = new PortAllocator(first, first + 2);

        assertThat(List.of(ports.allocate(), ports.allocate())).containsExactly(first, first + 1);
        ports.release(first);
        assertThat(ports.allocate()).isEqualTo(first + 2);
        assertThat(ports.allocate()).isEqualTo(first);
        assertThatThrownBy(ports::allocate)
                .isInstanceOf(NoFreePortException.class)
                .hasMessageContaining(
                        "No port from " + first + " to " + (first + 2) + " is free (3 belong to instances)");
    }

    @Test
    void aPortThatAStrangerHoldsIsPassedOver() throws IOException {
        for (String address : List.of("0.0.0.0", "127.0.0.1", "::", "::1")) {
            int first = freeRange(2);
            try (var socket = new ServerSocket()) {
                try {
                    socket.bind(new InetSocketAddress(InetAddress.getByName(address), first));
                } catch (IOException _) {
                    // a machine without IPv6 has nothing to be passed over there
                    continue;
                }
                assertThat(new PortAllocator(first, first + 1).allocate())
                        .as(address)
                        .isEqualTo(first + 1);
            }
        }
    }

    @Test
    void aReservedPortIsPassedOver() throws IOException {
        int first = freeRange(2);
        var ports = new PortAllocator(first, first + 1);
        ports.reserve(first);

        assertThat(ports.allocate()).isEqualTo(first + 1);
    }

    @Test
    void manyThreadsGetDifferentPorts() throws Exception {
        int first = freeRange(40);
        var ports = new PortAllocator(first, first + 39);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var got = new ArrayList<Integer>();
            for (var port : threads.invokeAll(Collections.<Callable<Integer>>nCopies(30, ports::allocate))) {
                got.add(port.get());
            }
            assertThat(new HashSet<>(got)).hasSize(30);
        }
    }

    @Test
    void aRangeThatIsNoneIsRefused() {
        for (int[] range : List.of(new int[] {0, 10}, new int[] {10, 9}, new int[] {65000, 65536})) {
            assertThatThrownBy(() -> new PortAllocator(range[0], range[1]))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** The first of so many adjacent ports that are free now. */
    private static int freeRange(int length) throws IOException {
        Set<Integer> tried = new HashSet<>();
        while (tried.size() < 100) {
            try (var socket = new ServerSocket(0)) {
                tried.add(socket.getLocalPort());
            }
            for (int first : tried) {
                boolean free = first + length <= 65535;
                for (int port = first; free && port < first + length; port++) {
                    free = PortAllocator.isFree(port);
                }
                if (free) {
                    return first;
                }
            }
        }
        throw new IllegalStateException("No " + length + " adjacent free ports.");
    }
}
