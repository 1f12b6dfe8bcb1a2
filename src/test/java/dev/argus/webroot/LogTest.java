package dev.argus.webroot;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.assertions.LocatorAssertions;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The end of the log of a service, live. */
class LogTest extends DashboardTestCase {
    private static final String INSTANCE = NAME + "-1";

    @BeforeEach
    void putService() {
        api.putService(StandInShapes.running(NAME));
    }

    @Test
    void newLinesComeByThemselves() {
        api.log(NAME, INSTANCE, "listening on :20001");
        showService();
        assertThat(lines()).hasText(new String[] {"listening on :20001"}, seen());
        api.log(NAME, INSTANCE, "GET / 200");
        assertThat(lines()).hasText(new String[] {"listening on :20001", "GET / 200"}, seen());
    }

    @Test
    void markupInALogIsText() {
        api.log(NAME, INSTANCE, "<img src=x onerror=alert(1)>");
        api.log(NAME, "<b>2</b>", "</div><script>alert(2)</script>");
        showService();
        assertThat(lines()).hasText(new String[] {
            INSTANCE + " <img src=x onerror=alert(1)>", "<b>2</b> </div><script>alert(2)</script>"
        });
        assertThat(dashboard.page.locator("main img, main script, main b")).hasCount(0);
    }

    @Test
    void controlCharactersAndTurnsOfDirectionAreShownAsEscapes() {
        api.log(NAME, INSTANCE, "\u001b]0;owned\u0007\u001b[2J \u202egnp.exe\u202c \u2066x\u2069 a\u200bb \0 \r over");
        showService();
        assertThat(lines().first())
                .hasText(
                        "\\x1b]0;owned\\x07\\x1b[2J \\u202egnp.exe\\u202c \\u2066x\\u2069 a\\u200bb \\x00 \\r over",
                        seen());
    }

    @Test
    void coloursAreShownAndOtherControlsStayEscapes() {
        api.log(NAME, INSTANCE, "\u001b[1;31mbad\u001b[0m \u001b[38;5;31mplain\u001b[0m \u001b[2Kgone \u001b[32mgood");
        showService();
        assertThat(lines().first()).hasText("bad plain \\x1b[2Kgone good", seen());
        assertThat(lines().first().locator("[data-colour=red][data-bold]")).hasText("bad");
        assertThat(lines().first().locator("[data-colour]")).hasCount(2);
    }

    @Test
    void onlyLinesWithATextAreShownAndNewOnesAreSiftedToo() {
        for (int i = 1; i <= 50; i++) {
            api.log(NAME, INSTANCE, (i % 10 == 0 ? "ERROR " : "info ") + i);
        }
        showService();
        assertThat(lines()).hasCount(50);
        dashboard.page.getByLabel("Only lines with").fill("error");
        assertThat(dashboard.page.locator("argus-log .line:visible")).hasCount(5);
        assertThat(dashboard.page.locator("argus-log")).containsText("5 of the last 50 lines");
        api.log(NAME, INSTANCE, "error 51");
        api.log(NAME, INSTANCE, "info 52");
        assertThat(dashboard.page.locator("argus-log")).containsText("6 of the last 52 lines");
        dashboard.page.getByLabel("Only lines with").fill("");
        assertThat(dashboard.page.locator("argus-log .line:visible")).hasCount(52);
    }

    @Test
    void aPausedLogStandsStillAndLosesNothing() {
        api.log(NAME, INSTANCE, "one");
        showService();
        assertThat(lines()).hasCount(1);
        dashboard.button("Pause").click();
        api.log(NAME, INSTANCE, "two");
        api.changeService(NAME, service -> service.put("reason", "The line after the log has come."));
        assertThat(dashboard.page.locator(".reason").first()).hasText("The line after the log has come.");
        assertThat(lines()).hasCount(1);
        dashboard.button("Go on").click();
        assertThat(lines()).hasText(new String[] {"one", "two"}, seen());
    }

    @Test
    void theLogIsDownloadedAsItWasWritten() throws IOException {
        String written = "\u001b[31mred\u001b[0m <b>";
        api.log(NAME, INSTANCE, written);
        showService();
        Download saved = dashboard.page.waitForDownload(
                () -> dashboard.button("Download").click());
        assertThat(saved.suggestedFilename()).isEqualTo(NAME + ".log");
        assertThat(Files.readString(saved.path())).isEqualTo(written + "\n");
    }

    @Test
    void thePageKeepsTheLastTwoThousandLines() {
        showService();
        assertThat(dashboard.page.locator(".connection")).hasText("Live");
        for (int i = 1; i <= 5_000; i++) {
            api.log(NAME, INSTANCE, "line " + i);
        }
        assertThat(lines().last()).hasText("line 5000", seen());
        assertThat(lines()).hasCount(2_000);
        assertThat(lines().first()).hasText("line 3001", seen());
    }

    @Test
    void aVeryLongLineIsCut() {
        api.log(NAME, INSTANCE, "x".repeat(1 << 20));
        showService();
        assertThat(lines().first()).containsText("… 1044576 more characters");
        assertThat(lines().first().textContent()).hasSizeLessThan(4_100);
    }

    @Test
    void aReaderWhoHasScrolledUpIsNotPulledDown() {
        for (int i = 1; i <= 200; i++) {
            api.log(NAME, INSTANCE, "line " + i);
        }
        showService();
        assertThat(lines()).hasCount(200);
        Locator follow = dashboard.page.getByLabel("Follow the end");
        assertThat(follow).isChecked();
        dashboard.page.locator("argus-log argus-lines").evaluate("box => { box.scrollTop = 0; }");
        assertThat(follow).not().isChecked();
        api.log(NAME, INSTANCE, "line 201");
        assertThat(lines()).hasCount(201);
        assertThat(scrollTop()).isZero();
        follow.check();
        assertThat(scrollTop()).isPositive();
    }

    @Test
    void aBrokenConnectionIsTakenUpAgainWithoutDoublingLines() {
        api.log(NAME, INSTANCE, "one");
        showService();
        assertThat(lines()).hasCount(1);
        api.setAway(true);
        assertThat(dashboard.page.locator("argus-log")).containsText("Interrupted; trying again.");
        api.log(NAME, INSTANCE, "two");
        api.setAway(false);
        assertThat(lines()).hasText(new String[] {"one", "two"}, seen());
        assertThat(dashboard.page.getByText("Interrupted; trying again.")).hasCount(0);
        api.log(NAME, INSTANCE, "three");
        assertThat(lines()).hasText(new String[] {"one", "two", "three"}, seen());
    }

    @Test
    void linesThatMayHaveBeenMissedAreAdmitted() {
        api.log(NAME, INSTANCE, "one");
        showService();
        assertThat(lines()).hasCount(1);
        api.setAway(true);
        api.forgetLog(NAME);
        api.log(NAME, INSTANCE, "three");
        api.setAway(false);
        assertThat(dashboard.page.locator("argus-log argus-lines > *"))
                .hasText(
                        new String[] {"one", "The connection was interrupted; lines may be missing here.", "three"},
                        seen());
    }

    @Test
    void aPageThatNobodyLooksAtGivesItsConnectionsBack() {
        api.log(NAME, INSTANCE, "one");
        showService();
        assertThat(lines()).hasCount(1);
        look(false);
        await().atMost(Duration.ofSeconds(30)).until(() -> api.listeners() == 0);
        api.log(NAME, INSTANCE, "two");
        look(true);
        assertThat(lines()).hasText(new String[] {"one", "two"}, seen());
        assertThat(api.listeners()).isPositive();
    }

    private void look(boolean looking) {
        dashboard.page.evaluate(
                "looking => { Object.defineProperty(document, 'hidden', { configurable: true, value: !looking });"
                        + " document.dispatchEvent(new Event('visibilitychange')); }",
                looking);
    }

    /** As it is seen: without the names of instances while there is only one. */
    private static LocatorAssertions.HasTextOptions seen() {
        return new LocatorAssertions.HasTextOptions().setUseInnerText(true);
    }

    private double scrollTop() {
        return ((Number) dashboard.page.locator("argus-log argus-lines").evaluate("box => box.scrollTop"))
                .doubleValue();
    }

    private void showService() {
        dashboard.signIn("vera", "right");
        dashboard.link(NAME).click();
        dashboard.heading("Log").waitFor();
    }

    private Locator lines() {
        return dashboard.page.locator("argus-log .line");
    }
}
