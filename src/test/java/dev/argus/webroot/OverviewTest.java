package dev.argus.webroot;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import io.vertx.core.json.JsonArray;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The one look that tells whether somebody is needed, and finding a service by the keyboard alone. */
class OverviewTest extends DashboardTestCase {

    @Test
    void whereAllIsWellThePageSaysSo() {
        api.putService(StandInShapes.running("billing"));
        api.putService(StandInShapes.running("search"));
        api.putService(StandInShapes.running("old").put("status", "stopped").put("desired", "stopped"));
        dashboard.signIn("vera", "right");
        assertThat(needs())
                .hasText("Nothing needs you. 2 of 2 services run as they should. 1 service is stopped by hand.");
        assertThat(dashboard.page).hasTitle("Argus · 3 services");
    }

    @Test
    void whatNeedsSomebodyIsSaidInTheWordsOfWhyAndGoesWhenItIsOver() {
        api.putService(StandInShapes.running("billing"));
        api.putService(StandInShapes.running("search"));
        dashboard.signIn("vera", "right");
        assertThat(needs()).containsText("Nothing needs you.");
        api.changeService(
                "billing",
                service -> service.put("status", "failed")
                        .put("reason", "billing-1: port 8080 is held by pid 12 of root."));
        assertThat(needs().locator("h2")).hasText("Needs you");
        assertThat(needs().locator("li"))
                .hasText(new String[] {"billing billing-1: port 8080 is held by pid 12 of root."});
        assertThat(dashboard.page).hasTitle("Argus · 2 services, 1 in trouble");
        needs().locator("a").click();
        assertThat(dashboard.heading("billing")).isVisible();
        dashboard.go("#/");
        api.changeService("billing", service -> service.put("status", "running").put("reason", null));
        assertThat(needs()).containsText("Nothing needs you.");
    }

    @Test
    void manyTroublesAreCountedAndNotListedWithoutEnd() {
        for (int i = 0; i < 9; i++) {
            api.putService(StandInShapes.running("service-" + i).put("status", "backoff"));
        }
        dashboard.signIn("vera", "right");
        assertThat(needs().locator("li")).hasCount(6);
        assertThat(needs().locator("li").last()).hasText("… and 4 more, see below.");
    }

    @Test
    void servicesAreSortedByWhatMatters() {
        api.putService(StandInShapes.running("a").put("instances", instance("a", 1.0)));
        api.putService(StandInShapes.running("b").put("instances", instance("b", 40.0)));
        api.putService(StandInShapes.running("c").put("status", "failed").put("instances", instance("c", 3.0)));
        dashboard.signIn("vera", "right");
        assertThat(names()).hasText(new String[] {"a", "b", "c"});
        dashboard.button("CPU").click();
        assertThat(names()).hasText(new String[] {"b", "c", "a"});
        assertThat(dashboard.page.locator("th[aria-sort=descending]")).hasText("CPU");
        dashboard.button("Status").click();
        assertThat(names()).hasText(new String[] {"c", "a", "b"});
        dashboard.button("Service").click();
        dashboard.button("Service").click();
        assertThat(names()).hasText(new String[] {"c", "b", "a"});
    }

    @Test
    void aServiceIsFoundByTheKeyboardAlone() {
        for (String name : List.of("billing", "mail", "mail-old", "search")) {
            api.putService(StandInShapes.running(name));
        }
        dashboard.signIn("vera", "right");
        dashboard.row("search").waitFor();
        dashboard.page.keyboard().press("/");
        assertThat(dashboard.page.locator("#filter")).isFocused();
        dashboard.page.keyboard().type("mail");
        assertThat(names()).hasText(new String[] {"mail", "mail-old"});
        dashboard.page.keyboard().press("ArrowDown");
        assertThat(dashboard.link("mail")).isFocused();
        dashboard.page.keyboard().press("ArrowDown");
        assertThat(dashboard.link("mail-old")).isFocused();
        dashboard.page.keyboard().press("ArrowDown");
        assertThat(dashboard.link("mail-old")).isFocused();
        dashboard.page.keyboard().press("ArrowUp");
        dashboard.page.keyboard().press("ArrowUp");
        assertThat(dashboard.page.locator("#filter")).isFocused();
        dashboard.page.keyboard().press("Escape");
        assertThat(names()).hasCount(4);
        dashboard.page.keyboard().type("sea/");
        assertThat(dashboard.page.locator("#filter")).hasValue("sea/");
        dashboard.page.keyboard().press("Backspace");
        dashboard.page.keyboard().press("Enter");
        assertThat(dashboard.heading("search")).isFocused();
    }

    @Test
    void theLastHourIsDrawnAndTheRestartsOfTheDayAreCounted() {
        api.putService(StandInShapes.running(NAME));
        dashboard.signIn("vera", "right");
        Locator row = dashboard.row(NAME);
        assertThat(row.locator("[data-label='Restarts in 24 h']")).hasText("3");
        assertThat(row.locator(".sparkline path")).hasCount(2);
        assertThat(row.locator(".sparkline path").first().getAttribute("d"))
                .startsWith("M")
                .contains("L");
    }

    private static JsonArray instance(String name, double cpu) {
        return new JsonArray().add(StandInShapes.instance(name + "-1", 1, 20001).put("cpuPercent", cpu));
    }

    private Locator needs() {
        return dashboard.page.locator("argus-needs");
    }

    private Locator names() {
        return dashboard.page.locator(".services .service-name");
    }
}
