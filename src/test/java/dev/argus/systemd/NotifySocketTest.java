package dev.argus.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotifySocketTest {

    @Test
    void aMessageArrivesAtASocketOfTheFileSystemAsItIs(@TempDir Path directory) throws Throwable {
        arrives(directory.resolve("notify").toString());
    }

    @Test
    void aMessageArrivesAtAnAbstractSocketAsItIs() throws Throwable {
        arrives("@argus-test-" + UUID.randomUUID());
    }

    private static void arrives(String address) throws Throwable {
        try (var systemd = new Notifications(address);
                var socket = new NotifySocket(address)) {
            socket.send("READY=1\nSTATUS=über");
            socket.send("WATCHDOG=1");
            assertThat(systemd.received()).containsExactly("READY=1\nSTATUS=über", "WATCHDOG=1");
        }
    }

    @Test
    void aMessageToNobodyFails(@TempDir Path directory) throws IOException {
        try (var socket = new NotifySocket(directory.resolve("nobody").toString())) {
            assertThatThrownBy(() -> socket.send("READY=1"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("sendto");
        }
    }

    @Test
    void whatIsNoAddressIsRefused() {
        for (String address : new String[] {"relative", "/", "@", "/" + "x".repeat(107)}) {
            assertThatThrownBy(() -> new NotifySocket(address))
                    .as(address)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no address");
        }
    }
}
