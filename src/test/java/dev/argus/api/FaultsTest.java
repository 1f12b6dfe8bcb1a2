package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Errors;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ClosedChannelException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class FaultsTest {
    @Test
    void whoLeavesBeforeTheAnswerIsNoFaultOfTheServer() throws Exception {
        assertThat(Faults.isOfAClientThatLeft(new ClosedChannelException())).isTrue();
        Epoll.ensureAvailability();
        for (int error : new int[] {Errors.ERRNO_EPIPE_NEGATIVE, Errors.ERRNO_ECONNRESET_NEGATIVE}) {
            assertThat(Faults.isOfAClientThatLeft(new Errors.NativeIoException("writevAddresses(..)", error)))
                    .isTrue();
        }
        assertThat(Faults.isOfAClientThatLeft(writtenToOneThatIsGone())).isTrue();
    }

    @Test
    void whatElseFailsIsOne() {
        assertThat(Faults.isOfAClientThatLeft(new NoSuchFileException("/data/argus.db")))
                .isFalse();
        assertThat(Faults.isOfAClientThatLeft(new IOException())).isFalse();
        assertThat(Faults.isOfAClientThatLeft(new IllegalStateException("Broken pipe")))
                .isFalse();
    }

    private static IOException writtenToOneThatIsGone() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var client = new Socket(server.getInetAddress(), server.getLocalPort())) {
            server.accept().close();
            for (int i = 0; i < 10_000; i++) {
                client.getOutputStream().write(new byte[4096]);
            }
        } catch (IOException e) {
            return e;
        }
        throw new AssertionError("everything was written to nobody");
    }
}
