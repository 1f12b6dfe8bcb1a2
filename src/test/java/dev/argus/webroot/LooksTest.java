package dev.argus.webroot;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import com.microsoft.playwright.options.WaitForSelectorState;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every view in light and dark, on a desk and on a phone: readable, nothing sticks out, and a picture of it to look at. */
class LooksTest extends DashboardTestCase {
    private static final Path PICTURES = Path.of("target", "screenshots");
    private static final String NAMELESS = """
            () => [...document.querySelectorAll('input, textarea, button, a, dialog, [role=log]')]
              .filter((element) => element.checkVisibility())
              .filter((element) => !(element.labels?.length > 0 || element.textContent.trim() || element.ariaLabel
                || document.getElementById(element.getAttribute('aria-labelledby'))))
              .map((element) => element.outerHTML)
            """;

    private static final String SHIFTS = """
            window.shifted = 0;
            window.jumped = [];
            new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
              window.shifted += entry.value;
              window.jumped.push(...entry.sources.map(({ node }) => `${entry.value.toFixed(3)} ${node?.localName}.${node?.className}`));
            })).observe({ type: 'layout-shift', buffered: true });
            """;

    @BeforeEach
    void putServices() {
        api.putService(StandInShapes.running(NAME));
        api.putService(StandInShapes.running("billing")
                .put("status", "failed")
                .put("reason", "billing-1: exited with status 2 five times in 2 minutes; the next try is in 30 s.")
                .put("url", null)
                .put(
                        "instances",
                        new JsonArray()
                                .add(StandInShapes.instance("billing-1", 0, 20002)
                                        .put("pid", null)
                                        .put("state", "backoff")
                                        .put("health", "unknown")
                                        .put("restarts", 17)
                                        .put("cpuPercent", 0.0)
                                        .put("rssBytes", 0))));
        api.putService(StandInShapes.running("mail-gateway-for-the-northern-region")
                .put("status", "unhealthy")
                .put("reason", "mail-gateway-1: 3 of 3 probes of /isalive had no answer within 2 s.")
                .put(
                        "instances",
                        new JsonArray()
                                .add(StandInShapes.instance("mail-gateway-1", 5120, 20003)
                                        .put("health", "unhealthy"))
                                .add(StandInShapes.instance("mail-gateway-2", 5188, 20004))));
        api.putService(StandInShapes.running("reports")
                .put("status", "backoff")
                .put("reason", "reports-1: exited with status 1; the next start is in 4 s."));
        api.putService(StandInShapes.running("search").put("status", "starting"));
        api.putService(StandInShapes.running("thumbnails")
                .put("status", "stopped")
                .put("desired", "stopped")
                .put("reason", "Stopped by olga.")
                .put("url", null)
                .put("instances", new JsonArray()));
        api.changeService(
                NAME,
                service -> service.put(
                        "spec",
                        new JsonObject()
                                .put("port", 8081)
                                .put(
                                        "env",
                                        new JsonObject()
                                                .put("LOG_LEVEL", "info")
                                                .put("REGION", "north"))));
        api.secrets(NAME).add("DATABASE_PASSWORD");
        api.happened(NAME, StandInShapes.entry("created", "The service was made by olga."));
        api.happened(
                NAME,
                StandInShapes.entry("deployment-finished", "Deployment d7 of release 12 succeeded.")
                        .put("outcome", "succeeded"));
        api.happened(NAME, StandInShapes.entry("unhealthy", NAME + "-1 is unhealthy: 3 of 3 probes had no answer."));
        api.happened(
                NAME,
                StandInShapes.entry("incident", NAME + "-1 is hung: it waits for 127.0.0.1:5432.")
                        .put("incident", "i7"));
        api.happened(NAME, StandInShapes.entry("restarted", NAME + "-1 was started again (restart 1)."));
        api.happened(NAME, StandInShapes.entry("healthy", NAME + "-1 is healthy."));
        String failed = api.addDeployment("billing", "olga");
        api.step(failed, "checkout", "running", null);
        api.step(failed, "checkout", "succeeded", "4f1c9a7b Take the total from the ledger");
        api.step(failed, "build", "running", null);
        api.output(failed, "go: downloading github.com/gorilla/mux v1.8.1");
        api.output(failed, "# example.com/billing");
        api.output(failed, "./main.go:41:9: undefined: totl");
        api.step(failed, "build", "failed", "go build exited with status 1");
        api.finish(failed, "failed", "The build failed: ./main.go:41:9: undefined: totl; correct it and deploy again.");
        String running = api.addDeployment("search", "olga");
        api.step(running, "checkout", "running", null);
        api.step(running, "checkout", "succeeded", "4f1c9a7b Search in titles too");
        api.step(running, "build", "running", "go build");
        api.output(running, "go: downloading github.com/gorilla/mux v1.8.1");
        for (int i = 1; i <= 40; i++) {
            api.log(
                    NAME,
                    NAME + "-1",
                    "2026-11-23T10:14:%02dZ GET /api/v1/service 200 %d µs".formatted(i % 60, 180 + i));
        }
        api.log(NAME, NAME + "-1", "\u001b[31mred\u001b[0m and \u202eturned around");
    }

    @ParameterizedTest
    @CsvSource({"1180,LIGHT", "1180,DARK", "390,LIGHT", "390,DARK"})
    void everyViewIsReadableAndKeepsToItsWidth(int width, ColorScheme scheme, Browser browser) {
        try (var looking = new Dashboard(browser, api, width, scheme)) {
            Page page = looking.page;
            String kind = (width == Dashboard.PHONE ? "phone-" : "desk-")
                    + scheme.name().toLowerCase(Locale.ROOT);
            page.navigate(api.url());
            page.getByLabel("User").waitFor();
            look(page, "sign-in", kind);

            looking.signIn("olga", "right");
            looking.row("thumbnails").waitFor();
            page.locator(".node").waitFor();
            look(page, "services", kind);

            looking.go("#/services/" + NAME);
            page.locator("argus-lines .line").last().waitFor();
            look(page, "service", kind);

            looking.page.locator(".canvas canvas").last().waitFor();
            looking.link("Timeline").click();
            page.locator(".timeline li").first().waitFor();
            page.getByText("Evidence").first().click();
            page.locator(".evidence").first().waitFor();
            look(page, "timeline", kind);

            looking.link("Releases").click();
            page.locator("tr[data-release]").first().waitFor();
            look(page, "releases", kind);

            looking.button("Roll back to release 11").click();
            look(page, "rollback", kind);
            looking.button("Keep the live release").click();

            looking.link("Settings").click();
            page.locator(".variables").first().waitFor();
            look(page, "settings", kind);

            looking.go("#/services/billing");
            page.getByText("undefined: totl", new Page.GetByTextOptions().setExact(false))
                    .last()
                    .waitFor();
            look(page, "failed-deployment", kind);

            looking.go("#/services/search");
            looking.heading("Deployment under way").waitFor();
            page.locator("argus-deployment .line").waitFor();
            look(page, "deployment", kind);

            looking.go("#/services/billing");
            looking.button("Undeploy").click();
            looking.page.locator("dialog[open] .danger").click();
            look(page, "undeploy", kind);

            looking.go("#/deploy");
            page.locator(".group summary").first().click();
            looking.button("Deploy").click();
            look(page, "deploy", kind);

            api.setAway(true);
            looking.go("#/");
            looking.page.locator(".banner:not(:empty)").waitFor();
            look(page, "stale", kind);
            api.setAway(false);
            assertThat(looking.complaints()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"1180,LIGHT", "390,DARK"})
    void theEmptyPageSaysWhatToDoNext(int width, ColorScheme scheme, Browser browser) {
        List.of(NAME, "billing", "mail-gateway-for-the-northern-region", "reports", "search", "thumbnails")
                .forEach(api::removeService);
        try (var looking = new Dashboard(browser, api, width, scheme)) {
            looking.signIn("olga", "right");
            looking.link("Deploy your first service").waitFor();
            looking.page.locator(".node").waitFor();
            look(
                    looking.page,
                    "empty",
                    (width == Dashboard.PHONE ? "phone-" : "desk-")
                            + scheme.name().toLowerCase(Locale.ROOT));
        }
    }

    private static void look(Page page, String view, String kind) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(PICTURES.resolve(view + "-" + kind + ".png"))
                .setFullPage(true));
        assertThat(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
                .as("what sticks out of %s on %s", view, kind)
                .isEqualTo(0);
        assertThat(new JsonArray((List<?>) page.evaluate(Contrast.SCRIPT)))
                .as("text of too little contrast in %s on %s", view, kind)
                .isEqualTo(new JsonArray());
        assertThat(new JsonArray((List<?>) page.evaluate(NAMELESS)))
                .as("controls without a name in %s on %s", view, kind)
                .isEqualTo(new JsonArray());
        assertThat(Axe.violations(page))
                .as("what axe finds in %s on %s", view, kind)
                .isEmpty();
    }

    @Test
    void whatIsWrongForSomebodyIsFound() {
        dashboard.signIn("olga", "right");
        dashboard.row("search").waitFor();
        dashboard.page.locator("label[for=filter]").evaluate("label => label.remove()");
        assertThat(Axe.violations(dashboard.page)).anyMatch(found -> found.startsWith("label:"));
    }

    @ParameterizedTest
    @CsvSource({"1180", "390"})
    void nothingJumpsWhileAViewFillsItself(int width, Browser browser) {
        try (var looking = new Dashboard(browser, api, width, ColorScheme.LIGHT)) {
            looking.page.addInitScript(SHIFTS);
            looking.signIn("olga", "right");
            Map<String, String> lastToCome = Map.of(
                    "#/",
                    ".sparkline path[d*=L]",
                    "#/services/" + NAME,
                    ".canvas canvas",
                    "#/services/" + NAME + "/timeline",
                    ".timeline li",
                    "#/deploy",
                    ".deploy");
            lastToCome.forEach((view, last) -> {
                looking.page.navigate("about:blank");
                looking.go(view);
                looking.page
                        .locator(last)
                        .last()
                        .waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.ATTACHED));
                looking.page.evaluate(
                        "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
                // what the web calls good is at most 0.1
                assertThat(((Number) looking.page.evaluate("window.shifted")).doubleValue())
                        .as("what jumped in %s: %s", view, looking.page.evaluate("window.jumped"))
                        .isLessThan(0.1);
            });
        }
    }

    @Test
    void nothingMovesForThoseWhoAskForThat() {
        dashboard.page.emulateMedia(new Page.EmulateMediaOptions().setReducedMotion(ReducedMotion.REDUCE));
        dashboard.signIn("olga", "right");
        assertThat(dashboard
                        .row("search")
                        .locator(".status-sign")
                        .evaluate("sign => getComputedStyle(sign).animationName"))
                .isEqualTo("none");
    }

    @Test
    void whatHasTheFocusIsSeen() {
        dashboard.signIn("olga", "right");
        dashboard.row("thumbnails").waitFor();
        for (int i = 0; i < 8; i++) {
            dashboard.page.keyboard().press("Tab");
            assertThat(dashboard.page.evaluate("getComputedStyle(document.activeElement).outlineStyle"))
                    .as("the outline of %s", dashboard.page.evaluate("document.activeElement.outerHTML"))
                    .isEqualTo("solid");
        }
    }
}
