package dev.argus.webroot;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.CDPSession;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the page costs the browser as the hours go by. */
class MemoryTest extends DashboardTestCase {
    private static final int SERVICES = 40;
    /** An hour of a lively server: every service changes four times a minute, and the one that is looked at writes a line a second. */
    private static final int ROUNDS = 6;

    private static final int CHANGES_A_ROUND = 1_600;
    private static final int LINES_A_ROUND = 600;

    @Test
    void anHourOfEventsLeavesTheMemoryOfTheTabFlat() {
        for (int i = 0; i < SERVICES; i++) {
            api.putService(StandInShapes.running("service-" + i));
        }
        api.putService(StandInShapes.running(NAME));
        dashboard.signIn("vera", "right");
        dashboard.link(NAME).click();
        assertThat(dashboard.page.locator(".canvas canvas")).hasCount(4);
        CDPSession session = dashboard.page.context().newCDPSession(dashboard.page);
        List<Long> heaps = new ArrayList<>();
        for (int round = 1; round <= ROUNDS; round++) {
            happenings(round);
            heaps.add(usedHeap(session));
        }
        System.out.printf("used heap of the tab after each round, bytes: %s%n", heaps);
        // the first rounds fill what is bounded, such as the lines of the log
        assertThat(heaps.getLast()).isLessThan(heaps.get(2) * 5 / 4);
    }

    private void happenings(int round) {
        for (int i = 0; i < CHANGES_A_ROUND; i++) {
            int number = i;
            api.changeService(
                    "service-" + i % SERVICES,
                    service -> service.put("reason", "Change " + number + " of round " + round));
            if (i % (CHANGES_A_ROUND / LINES_A_ROUND) == 0) {
                api.log(NAME, NAME + "-1", "a line of log, number " + i + " of round " + round);
            }
        }
        api.log(NAME, NAME + "-1", "the end of round " + round);
        assertThat(dashboard.page.locator("argus-log .line").last()).containsText("the end of round " + round);
        api.changeService(NAME, service -> service.put("reason", "Round " + round + " is over."));
        assertThat(dashboard.page.locator(".reason").first()).hasText("Round " + round + " is over.");
    }

    private static long usedHeap(CDPSession session) {
        session.send("HeapProfiler.collectGarbage");
        return new JsonObject(session.send("Runtime.getHeapUsage").toString())
                .getNumber("usedSize")
                .longValue();
    }
}
