package dev.argus.traffic.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Sixty-four visitors without pause, while instances come, go, die and move: none of them may notice. */
class TrafficLoadTest {
    private static final int VISITORS = 64;

    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answers = new AtomicInteger();
    private volatile boolean over;

    @Test
    void noVisitorNoticesThatInstancesChange() throws Exception {
        try (var under = new ProxyUnderTest(ProxyLimits.DEFAULT)) {
            RawService current = RawService.echoing("service");
            under.apply(current.port());
            List<Thread> visitors = new ArrayList<>();
            for (int i = 0; i < VISITORS; i++) {
                int number = i;
                visitors.add(Thread.ofVirtual().start(() -> visit(under, number)));
            }
            for (int change = 0; change < 40; change++) {
                int before = answers.get();
                RawService next = RawService.echoing("service");
                if (change % 4 == 1) {
                    under.apply(current.port(), next.port());
                }
                if (change % 4 == 2) {
                    under.apply();
                }
                under.apply(next.port());
                Future<?> drained = under.beginDrain(current.port(), ProxyUnderTest.SOON);
                await().atMost(ProxyUnderTest.SOON).until(drained::isComplete);
                current.close();
                current = next;
                await().atMost(ProxyUnderTest.SOON).until(() -> answers.get() > before + 200);
            }
            over = true;
            for (Thread visitor : visitors) {
                visitor.join();
            }
            current.close();
            assertThat(failures).isEmpty();
        }
    }

    /** Every other one keeps its connection; they read and write by turns. */
    private void visit(ProxyUnderTest under, int number) {
        RawClient client = null;
        for (int i = 0; !over; i++) {
            String id = "v" + number + "-" + i;
            String request = i % 2 == 0
                    ? "GET /" + id + " HTTP/1.1\r\nHost: shop.localhost\r\n\r\n"
                    : "POST /" + id + " HTTP/1.1\r\nHost: shop.localhost\r\nContent-Length: " + id.length() + "\r\n\r\n"
                            + id;
            String expected =
                    (i % 2 == 0 ? "service GET /" : "service POST /") + id + " HTTP/1.1 " + (i % 2 == 0 ? "" : id);
            try {
                if (client == null) {
                    client = new RawClient(under.port());
                }
                String answer = client.send(request).answer();
                if (!answer.startsWith("HTTP/1.1 200 ") || !answer.endsWith(expected)) {
                    failures.add(answer);
                }
                answers.incrementAndGet();
                if (number % 2 == 0) {
                    client.close();
                    client = null;
                }
            } catch (IOException e) {
                failures.add(request + ": " + e);
                client = null;
            }
        }
        if (client != null) {
            client.close();
        }
    }
}
