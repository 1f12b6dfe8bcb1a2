package dev.argus.webroot;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Route;
import io.vertx.core.json.JsonArray;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Seeing services live, and starting, stopping and removing them. */
class ServicesTest extends DashboardTestCase {
    private static final String MARKUP = "<img src=x onerror=alert(1)><script>alert(2)</script>";

    @Test
    void aServiceIsShownWithStatusReasonReleaseFiguresAndAddress() {
        api.putService(StandInShapes.running(NAME).put("reason", "An open port counts: no health path answers."));
        dashboard.signIn("olga", "right");
        Locator row = dashboard.row(NAME);
        assertThat(row.locator(".status")).hasText("running");
        assertThat(row).containsText("An open port counts: no health path answers.");
        assertThat(row).containsText("12 · 4f1c9a7b");
        assertThat(row).containsText("1 of 1 healthy");
        assertThat(row).containsText("14.2 MiB");
        assertThat(row.locator(".service-url")).hasAttribute("href", "http://127.0.0.1:20001");
        assertThat(dashboard.page.locator(".node")).containsText("3.1 of 4 cores free");
    }

    @Test
    void eachInstanceIsShownWithItsFigures() {
        api.putService(StandInShapes.running(NAME));
        dashboard.signIn("vera", "right");
        dashboard.link(NAME).click();
        assertThat(dashboard.heading(NAME)).isFocused();
        assertThat(dashboard.page.locator(".instances tbody td")).hasText(new String[] {
            NAME + "-1", "healthy", "running", "gets them", "12", "4321", "20001", "0", "1.2 %", "14.2 MiB", "3 h 5 min"
        });
    }

    @Test
    void aViewWhoseCodeDoesNotComeSaysWhatToDo() {
        api.putService(StandInShapes.running(NAME));
        dashboard.page.route("**/service-detail.js", Route::abort);
        dashboard.signIn("vera", "right");
        dashboard.link(NAME).click();
        assertThat(dashboard.page.locator("#main"))
                .hasText("Argus did not answer when this view was asked for; reload the page.");
        dashboard.page.unroute("**/service-detail.js");
        dashboard.page.reload();
        assertThat(dashboard.heading(NAME)).isVisible();
    }

    @Test
    void whatHappensIsSeenAtOnceAndSaidToScreenReaders() {
        api.putService(StandInShapes.running(NAME));
        dashboard.signIn("olga", "right");
        dashboard.row(NAME).waitFor();
        assertThat(dashboard.page.locator(".connection")).hasText("Live");
        api.changeService(
                NAME, service -> service.put("status", "restarting").put("reason", "It was killed by signal 9."));
        assertThat(dashboard.row(NAME).locator(".status")).hasText("restarting");
        assertThat(dashboard.row(NAME)).containsText("It was killed by signal 9.");
        assertThat(dashboard.page.locator("#announcer")).hasText(NAME + " is now restarting.");
        api.putService(StandInShapes.running("another"));
        assertThat(dashboard.row("another")).isVisible();
        api.removeService("another");
        assertThat(dashboard.row("another")).hasCount(0);
    }

    @Test
    void aServerThatIsNotHeardMakesThePageSayItIsStaleUntilItComesBack() {
        api.putService(StandInShapes.running(NAME));
        dashboard.signIn("olga", "right");
        dashboard.row(NAME).waitFor();
        api.setAway(true);
        assertThat(dashboard.page.locator(".banner")).containsText("Argus is not heard since");
        assertThat(dashboard.page.locator(".connection")).hasText("Stale");
        assertThat(dashboard.row(NAME)).isVisible();
        api.changeService(NAME, service -> service.put("status", "failed"));
        api.setAway(false);
        assertThat(dashboard.page.locator(".connection")).hasText("Live");
        assertThat(dashboard.row(NAME).locator(".status")).hasText("failed");
        assertThat(dashboard.page.locator(".banner")).isHidden();
    }

    @Test
    void whatTheServerSaysOfItselfIsShownUntilItSaysNoMore() {
        api.putService(StandInShapes.running(NAME));
        api.warn("The disk of Argus's data is mounted read-only.");
        dashboard.signIn("vera", "right");
        assertThat(dashboard.page.locator(".banner")).hasText("The disk of Argus's data is mounted read-only.");
        api.warn(null);
        assertThat(dashboard.page.locator(".banner")).isHidden();
    }

    @Test
    void markupAndHidingCharactersFromOutsideAreShownAsText() {
        api.putService(StandInShapes.running(NAME)
                .put("reason", MARKUP + "\u202e")
                .put("ref", "\"><script>alert(3)</script>")
                .put("url", "javascript:alert(4)")
                .put(
                        "instances",
                        new JsonArray().add(StandInShapes.instance(MARKUP, 1, 2).put("health", MARKUP))));
        dashboard.signIn("olga", "right");
        assertThat(dashboard.row(NAME)).containsText(MARKUP + "\\u202e");
        assertThat(dashboard.row(NAME).locator(".service-url").getAttribute("href"))
                .isNull();
        dashboard.link(NAME).click();
        assertThat(dashboard.page.locator(".facts")).containsText("\"><script>alert(3)</script>");
        assertThat(dashboard.page.locator(".instances td").first()).hasText(MARKUP);
        assertThat(dashboard.page.locator("main img, main script")).hasCount(0);
    }

    @Test
    void stopStartAndRestartAreOfferedWhenTheyMakeSense() {
        api.putService(StandInShapes.running(NAME));
        dashboard.signIn("olga", "right");
        dashboard.button("Restart " + NAME).click();
        assertThat(dashboard.row(NAME).locator(".status")).hasText("starting");
        assertThat(dashboard.button("Start " + NAME)).isHidden();
        dashboard.button("Stop " + NAME).click();
        assertThat(dashboard.row(NAME).locator(".status")).hasText("stopped");
        assertThat(dashboard.row(NAME)).containsText("Stopped by olga.");
        assertThat(dashboard.button("Start " + NAME)).isFocused();
        assertThat(dashboard.button("Stop " + NAME)).isHidden();
        dashboard.button("Start " + NAME).click();
        assertThat(dashboard.button("Stop " + NAME)).isVisible();
        assertThat(api.requests())
                .extracting(request -> request.method() + " " + request.path())
                .containsExactly(
                        "POST /services/" + NAME + "/restart",
                        "POST /services/" + NAME + "/stop",
                        "POST /services/" + NAME + "/start");
    }

    @Test
    void whatTheServerRefusesIsSaidInItsWordsAndCanBeDismissed() {
        api.putService(StandInShapes.running(NAME));
        api.refuseNext("POST /services/" + NAME + "/stop", 409, "The service is just being removed.", null);
        dashboard.signIn("olga", "right");
        dashboard.button("Stop " + NAME).click();
        assertThat(dashboard.page.locator(".notice")).containsText("The service is just being removed.");
        dashboard.button("Dismiss").click();
        assertThat(dashboard.page.locator(".notice")).hasCount(0);
    }

    @Test
    void aViewerIsOfferedNothingThatAViewerMayNotDo() {
        api.putService(StandInShapes.running(NAME));
        api.addDeployment(NAME, "olga");
        dashboard.signIn("vera", "right");
        dashboard.row(NAME).waitFor();
        assertThat(visibleControls())
                .containsExactlyInAnyOrder("Sign out", "Status", "Service", "CPU", "Memory", "Restarts in 24 h");
        assertThat(dashboard.link("Deploy a service")).isHidden();
        dashboard.link(NAME).click();
        assertThat(dashboard.heading("Deployment under way")).isVisible();
        assertThat(visibleControls())
                .containsExactlyInAnyOrder("Sign out", "Pause", "Download", "1 hour", "24 hours", "7 days");
        dashboard.link("Releases").click();
        assertThat(dashboard.page.locator("tr[data-release]")).hasCount(3);
        assertThat(visibleControls()).containsExactlyInAnyOrder("Sign out");
        dashboard.link("Settings").click();
        assertThat(dashboard.page.getByText("Environment and secrets are shown to operators."))
                .isVisible();
        assertThat(visibleControls()).containsExactlyInAnyOrder("Sign out");
        dashboard.go("#/deploy");
        assertThat(dashboard.page.locator("argus-deploy-form")).containsText("Your role may look at services");
        assertThat(visibleControls()).containsExactlyInAnyOrder("Sign out");
    }

    @Test
    void undeployingAsksForTheNameAndCanKeepTheData() {
        api.putService(StandInShapes.running(NAME));
        dashboard.signIn("olga", "right");
        dashboard.link(NAME).click();
        dashboard.button("Undeploy").click();
        Locator dialog = dashboard.page.locator("dialog[open]");
        assertThat(dialog.locator("[name=name]")).isFocused();
        dialog.locator("[name=name]").fill("go-simple");
        dialog.locator(".danger").click();
        assertThat(dialog).containsText("That is not the name; type " + NAME + ".");
        assertThat(api.requests()).isEmpty();
        dialog.getByLabel("Keep its data directory").check();
        dialog.locator("[name=name]").fill(NAME);
        dialog.locator(".danger").click();
        assertThat(dashboard.page.getByText("There is no service " + NAME + " here (any more)."))
                .isVisible();
        assertThat(api.requests())
                .containsExactly(new StandInApi.Request("DELETE", "/services/" + NAME + "?keepData=true", null));
        dashboard.link("See all services").click();
        assertThat(dashboard.link("Deploy your first service")).isVisible();
    }

    @Test
    void manyServicesCanBeFiltered() {
        for (int i = 0; i < 300; i++) {
            api.putService(StandInShapes.running("service-%03d".formatted(i)));
        }
        dashboard.signIn("vera", "right");
        assertThat(dashboard.page.locator("tr[data-service]")).hasCount(300);
        dashboard.page.getByLabel("Show only names with").fill("-29");
        assertThat(dashboard.page.locator("tr[data-service]")).hasCount(10);
        dashboard.page.getByLabel("Show only names with").fill("nothing");
        assertThat(dashboard.page.getByText("No service has that in its name.")).isVisible();
    }

    @Test
    void anAddressOfAServiceThatIsNotThereSaysSo() {
        dashboard.signIn("olga", "right");
        dashboard.go("#/services/unknown");
        assertThat(dashboard.page.getByText("There is no service unknown here (any more)."))
                .isVisible();
        dashboard.go("#/services/..%2F..%2Flogout");
        assertThat(dashboard.heading("Services")).isVisible();
    }

    private List<String> visibleControls() {
        return dashboard.page.locator("button:visible").allInnerTexts();
    }
}
