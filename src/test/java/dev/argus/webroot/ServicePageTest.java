package dev.argus.webroot;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The parts of the page of a service: figures, timeline, releases, settings. */
class ServicePageTest extends DashboardTestCase {

    @BeforeEach
    void putService() {
        api.putService(StandInShapes.running(NAME)
                .put("spec", new JsonObject().put("env", new JsonObject().put("LEVEL", "info"))));
    }

    @Test
    void figuresAreDrawnAndSaidInWordsForEachRange() {
        open();
        assertThat(dashboard.page.locator(".canvas canvas")).hasCount(4);
        Locator cpu = dashboard.page.locator(".canvas").first();
        assertThat(cpu).hasAttribute("aria-label", "CPU over the last 1 hour: last 18.0 %, at most 18.0 %");
        dashboard.button("7 days").click();
        assertThat(cpu).hasAttribute("aria-label", "CPU over the last 7 days: last 18.0 %, at most 18.0 %");
        assertThat(dashboard.button("7 days")).hasAttribute("aria-pressed", "true");
        assertThat(dashboard.page.locator(".canvas canvas")).hasCount(4);
    }

    @Test
    void theTimelineGrowsAsThingsHappenAndShowsOneKindWhenAsked() {
        api.happened(NAME, StandInShapes.entry("created", "The service was made by olga."));
        open();
        dashboard.link("Timeline").click();
        assertThat(entries()).hasText(new String[] {"The service was made by olga."});
        api.happened(NAME, StandInShapes.entry("restarted", "It was started again: <b>exit 2</b>\u202e."));
        assertThat(entries())
                .hasText(new String[] {"It was started again: <b>exit 2</b>\\u202e.", "The service was made by olga."});
        dashboard.button("Changes by people").click();
        assertThat(entries()).hasText(new String[] {"The service was made by olga."});
        dashboard.button("Deployments").click();
        assertThat(dashboard.page.getByText("Nothing of that kind has happened yet."))
                .isVisible();
        assertThat(dashboard.page.locator("main b")).hasCount(0);
    }

    @Test
    void olderEntriesAreShownWhenAskedAndNewOnesComeBeforeThem() {
        for (int i = 1; i <= 150; i++) {
            api.happened(NAME, StandInShapes.entry("healthy", "Entry " + i));
        }
        open();
        dashboard.link("Timeline").click();
        assertThat(entries()).hasCount(100);
        dashboard.button("Show older").click();
        assertThat(entries()).hasCount(150);
        assertThat(entries().last()).hasText("Entry 1");
        assertThat(dashboard.button("Show older")).hasCount(0);
        api.happened(NAME, StandInShapes.entry("healthy", "Entry 151"));
        assertThat(entries()).hasCount(151);
        assertThat(entries().first()).hasText("Entry 151");
    }

    @Test
    void timesAreLocalAndInUtcForWhoeverPointsAtThem() {
        api.happened(NAME, StandInShapes.entry("healthy", "It is healthy.").put("at", "2026-11-23T10:14:01.250Z"));
        open();
        dashboard.link("Timeline").click();
        Locator time = dashboard.page.locator(".timeline time");
        assertThat(time).hasAttribute("title", "2026-11-23 10:14:01.250 UTC");
        assertThat(time.textContent()).matches("\\d\\d:14:01");
    }

    @Test
    void theEvidenceOfAnIncidentIsShownHarmlessly() {
        api.happened(NAME, StandInShapes.entry("incident", "It is hung.").put("incident", "i7"));
        open();
        dashboard.link("Timeline").click();
        dashboard.page.getByText("Evidence").click();
        Locator evidence = dashboard.page.locator("argus-incident");
        assertThat(evidence).containsText("512 B wait to be sent to 127.0.0.1:5432, which does not take them.");
        assertThat(evidence).containsText("panic: <img src=x onerror=alert(1)>\\u202e");
        assertThat(evidence).containsText("no answer within 2 s");
        assertThat(evidence).containsText("31 of at most 1024");
        assertThat(evidence).containsText("\\x1b[2Jstill asking");
        assertThat(evidence).containsText("goroutine 1 [IO wait]:");
        assertThat(dashboard.page.locator("main img, main b")).hasCount(0);
    }

    @Test
    void theReleaseBeforeIsGoneBackToInTwoClicks() {
        open();
        dashboard.button("Roll back").click();
        assertThat(dashboard.page.locator("dialog[open]")).containsText("Say hello <b>to all</b>");
        dashboard.button("Roll back to release 11").click();
        assertThat(dashboard.heading("Deployment under way")).isVisible();
        assertThat(api.requests())
                .containsExactly(new StandInApi.Request(
                        "POST", "/services/" + NAME + "/rollback", new JsonObject().put("release", 11)));
    }

    @Test
    void anyKeptReleaseCanBeGoneBackToAndARefusalIsSaid() {
        open();
        dashboard.link("Releases").click();
        assertThat(dashboard.page.locator("tr[data-release='12'] button")).hasCount(0);
        dashboard.button("Roll back to release 9").click();
        api.refuseNext("POST /services/" + NAME + "/rollback", 409, "Release 9 has just been removed.", null);
        dashboard.page.locator("dialog[open] [type=submit]").click();
        assertThat(dashboard.page.locator("dialog[open]")).containsText("Release 9 has just been removed.");
        dashboard.button("Keep the live release").click();
        assertThat(dashboard.page.locator("dialog[open]")).hasCount(0);
    }

    @Test
    void instancesAreScaled() {
        open();
        dashboard.page.getByLabel("Instances wanted").fill("3");
        dashboard.button("Scale").click();
        assertThat(dashboard.heading("Deployment under way")).isVisible();
        assertThat(api.requests())
                .containsExactly(new StandInApi.Request(
                        "POST", "/services/" + NAME + "/scale", new JsonObject().put("instances", 3)));
    }

    @Test
    void variablesAreAddedChangedAndRemoved() {
        open();
        dashboard.link("Settings").click();
        dashboard.page.getByLabel("LEVEL", exactly()).fill("debug");
        dashboard.button("Save LEVEL").click();
        assertThat(dashboard.page.locator("argus-environment [role=status]")).hasText("LEVEL is saved.");
        dashboard.page.getByLabel("New variable").fill("REGION");
        dashboard.page.getByLabel("Value", exactly()).fill("north");
        dashboard.button("Add").click();
        assertThat(dashboard.page.getByLabel("REGION", exactly())).hasValue("north");
        assertThat(dashboard.page.getByLabel("New variable")).isFocused();
        dashboard.button("Remove LEVEL").click();
        assertThat(dashboard.page.getByLabel("LEVEL", exactly())).hasCount(0);
        assertThat(api.requests())
                .extracting(StandInApi.Request::body)
                .containsExactly(
                        new JsonObject().put("LEVEL", "debug"),
                        new JsonObject().put("REGION", "north"),
                        new JsonObject().putNull("LEVEL"));
    }

    @Test
    void aVariableOfSeveralLinesOrWithHiddenCharactersIsSavedAsItIs() {
        String key = "-----BEGIN-----\n\u200babc\n-----END-----";
        open();
        api.patchEnv(NAME, new JsonObject().put("KEY", key).put("SECRET_WORD", "a\u200bb"));
        dashboard.link("Settings").click();
        assertThat(dashboard.page.getByLabel("KEY", exactly())).hasValue(key);
        dashboard.button("Save KEY").click();
        assertThat(dashboard.page.locator("argus-environment [role=status]")).hasText("KEY is saved.");
        dashboard.button("Save SECRET_WORD").click();
        assertThat(dashboard.page.locator("argus-environment [role=status]")).hasText("SECRET_WORD is saved.");
        assertThat(api.requests())
                .extracting(StandInApi.Request::body)
                .containsExactly(new JsonObject().put("KEY", key), new JsonObject().put("SECRET_WORD", "a\u200bb"));
    }

    @Test
    void secretsAreSetAndForgottenAndNeverShown() {
        open();
        dashboard.link("Settings").click();
        dashboard.page.getByLabel("Secret", exactly()).fill("PASSWORD");
        dashboard.page.getByLabel("Its value").fill("c4nary");
        dashboard.button("Set").click();
        assertThat(dashboard.page.locator("argus-secrets [role=status]")).hasText("PASSWORD is set.");
        assertThat(dashboard.page.getByLabel("Its value")).hasValue("");
        assertThat(dashboard.page.getByLabel("Its value")).hasAttribute("type", "password");
        assertThat(dashboard.page.content()).doesNotContain("c4nary");
        dashboard.button("Forget PASSWORD").click();
        Locator dialog = dashboard.page.locator("dialog[open]");
        assertThat(dialog.getByLabel("Type PASSWORD to confirm")).isFocused();
        dialog.getByLabel("Type PASSWORD to confirm").fill("PASSPORT");
        dialog.getByLabel("Type PASSWORD to confirm").press("Enter");
        assertThat(dialog).containsText("That is not the name; type PASSWORD.");
        assertThat(dashboard.page.getByText("No secret is set.")).isHidden();
        dialog.getByLabel("Type PASSWORD to confirm").fill("PASSWORD");
        dialog.locator(".danger").click();
        assertThat(dashboard.page.getByText("No secret is set.")).isVisible();
        assertThat(dashboard.page.locator("dialog[open]")).hasCount(0);
    }

    private void open() {
        dashboard.signIn("olga", "right");
        dashboard.link(NAME).click();
        dashboard.heading(NAME).waitFor();
    }

    private Locator entries() {
        return dashboard.page.locator(".entry-text");
    }

    private static Page.GetByLabelOptions exactly() {
        return new Page.GetByLabelOptions().setExact(true);
    }
}
