package dev.argus.webroot;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.JSHandle;
import com.microsoft.playwright.Keyboard;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Two hundred services, all of which change again and again while somebody works with the page. */
class FluentTest extends DashboardTestCase {
    private static final int SERVICES = 200;
    private static final int BURSTS = 20;

    /** The figures are told, not judged: they are those of the machine. What the page does to get there is judged. */
    private static final String WATCH = """
            () => {
              const seen = { frames: 0, longest: 0, longTasks: 0, rows: 0 };
              window.seen = seen;
              new PerformanceObserver((list) => { seen.longTasks += list.getEntries().length; }).observe({ type: 'longtask' });
              let before = performance.now();
              const frame = (now) => {
                seen.frames += 1;
                seen.longest = Math.max(seen.longest, now - before);
                before = now;
                requestAnimationFrame(frame);
              };
              requestAnimationFrame(frame);
              new MutationObserver((changes) => changes.forEach(({ addedNodes, removedNodes }) => {
                seen.rows += [...addedNodes, ...removedNodes].filter((node) => node.nodeName === 'TR').length;
              })).observe(document.querySelector('.services tbody'), { childList: true });
            }""";

    @Test
    void twoHundredServicesThatAllChangeNeitherTakeTheRowsNorTheFocusNorALetterFromWhoTypes() throws Exception {
        for (int i = 0; i < SERVICES; i++) {
            api.putService(StandInShapes.running(name(i)));
        }
        dashboard.signIn("vera", "right");
        assertThat(rows()).hasCount(SERVICES);
        Page page = dashboard.page;
        JSHandle row = dashboard.row(name(120)).elementHandle();
        page.evaluate(WATCH);
        var lists = new AtomicInteger();
        page.onRequest(request -> {
            if (request.url().endsWith("/api/v1/services")) {
                lists.incrementAndGet();
            }
        });
        dashboard.link(name(120)).focus();

        change("watched");
        assertThat(rows().last().locator(".reason")).hasText("watched " + (BURSTS - 1));
        assertThat(dashboard.link(name(120))).isFocused();
        assertThat(page.evaluate("() => window.seen.rows")).as("rows made anew").isEqualTo(0);
        assertThat(page.evaluate("row => row.isConnected", row)).isEqualTo(true);
        // events of 200 services in a burst are asked about together
        assertThat(lists.get()).isBetween(1, BURSTS * 2);

        try (ExecutorService elsewhere = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> changes = elsewhere.submit(() -> change("typed"));
            page.keyboard().press("/");
            page.keyboard().type("service-12", new Keyboard.TypeOptions().setDelay(15));
            assertThat(page.locator("#filter")).hasValue("service-12");
            assertThat(page.locator("#filter")).isFocused();
            assertThat(rows()).hasCount(11);
            changes.get();
        }
        assertThat(dashboard.row(name(120)).locator(".reason")).hasText("typed " + (BURSTS - 1));
        page.locator("#filter").fill("");
        assertThat(rows()).hasCount(SERVICES);
        dashboard.button("Status").click();
        assertThat(rows()).hasCount(SERVICES);
        System.out.printf(
                "two hundred services in %d bursts of changes: %s%n",
                2 * BURSTS,
                page.evaluate("() => `${window.seen.frames} frames, the longest ${Math.round(window.seen.longest)} ms, "
                        + "${window.seen.longTasks} tasks over 50 ms`"));
    }

    /** All of them, again and again. */
    private void change(String how) {
        for (int burst = 0; burst < BURSTS; burst++) {
            String reason = how + " " + burst;
            for (int i = 0; i < SERVICES; i++) {
                api.changeService(name(i), service -> service.put("reason", reason));
            }
        }
    }

    private Locator rows() {
        return dashboard.page.locator(".services tbody tr");
    }

    private static String name(int number) {
        return "service-" + number;
    }
}
