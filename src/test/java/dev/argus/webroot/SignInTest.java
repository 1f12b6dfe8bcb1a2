package dev.argus.webroot;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.Test;

/** Coming in, staying in and going out. */
class SignInTest extends DashboardTestCase {

    @Test
    void aWrongPasswordIsSaidAndTheRightOneOpensThePage() {
        api.putService(StandInShapes.running(NAME));
        dashboard.page.navigate(api.url());
        dashboard.page.getByLabel("User").fill("olga");
        dashboard.page.getByLabel("Password").fill("wrong");
        dashboard.button("Sign in").click();
        assertThat(dashboard
                        .page
                        .getByRole(AriaRole.ALERT)
                        .filter(new Locator.FilterOptions().setHasText("The user or the password is wrong.")))
                .isVisible();
        assertThat(dashboard.page.getByLabel("Password")).isFocused();
        assertThat(dashboard.page.getByLabel("User")).hasValue("olga");

        dashboard.page.getByLabel("Password").fill("right");
        dashboard.page.keyboard().press("Enter");
        assertThat(dashboard.row(NAME)).isVisible();
        assertThat(dashboard.page.locator("argus-account")).containsText("olga");
        assertThat(dashboard.page.locator("dialog[open]")).hasCount(0);
    }

    @Test
    void nothingIsSentWithoutAUserAndAPassword() {
        dashboard.page.navigate(api.url());
        dashboard.button("Sign in").click();
        assertThat(dashboard.page.getByText("Give your user name and your password."))
                .isVisible();
        assertThat(dashboard.page.getByLabel("User")).isFocused();
    }

    @Test
    void escapeDoesNotGetAroundTheSignIn() {
        dashboard.page.navigate(api.url());
        dashboard.page.getByLabel("User").waitFor();
        dashboard.page.keyboard().press("Escape");
        dashboard.page.keyboard().press("Escape");
        assertThat(dashboard.page.getByLabel("User")).isVisible();
        assertThat(dashboard.heading("Services")).hasCount(0);
    }

    @Test
    void aOneTimeLinkSignsInAndLeavesTheAddress() {
        dashboard.page.navigate(api.addLink("abc-123", "olga"));
        assertThat(dashboard.heading("Services")).isVisible();
        assertThat(dashboard.page.url()).isEqualTo(api.url());
        dashboard.page.reload();
        assertThat(dashboard.heading("Services")).isVisible();
        dashboard.page.goBack();
        assertThat(dashboard.page.url()).doesNotContain("abc-123");
    }

    @Test
    void aUsedLinkSaysSoAndAsksForTheUser() {
        dashboard.page.navigate(api.url() + "#signin=used");
        assertThat(dashboard.page.getByText("This sign-in link was used or has ended; make a new one."))
                .isVisible();
        assertThat(dashboard.page.getByLabel("User")).isVisible();
        assertThat(dashboard.page.url()).isEqualTo(api.url());
    }

    @Test
    void aSessionThatEndsAsksAgainAndLosesNothingOfWhatWasTyped() {
        dashboard.signIn("olga", "right");
        dashboard.go("#/deploy");
        dashboard.field("Name").locator("input").fill(NAME);
        dashboard.field("Repository").locator("input").fill("https://git.example.com/team/simple.git");

        api.refuseNext("POST /services/" + NAME + "/deploy", 401, "Sign in first, or send a token.", null);
        dashboard.button("Deploy").click();
        assertThat(dashboard.page.getByText("Your session has ended.", containing()))
                .isVisible();
        assertThat(dashboard.page.getByLabel("User")).hasValue("olga");
        dashboard.page.getByLabel("Password").fill("right");
        dashboard.button("Sign in").click();

        assertThat(dashboard.page.locator("dialog[open]")).hasCount(0);
        assertThat(dashboard.field("Name").locator("input")).hasValue(NAME);
        assertThat(dashboard.field("Repository").locator("input")).hasValue("https://git.example.com/team/simple.git");
        dashboard.button("Deploy").click();
        assertThat(dashboard.heading("Deployment under way")).isVisible();
    }

    @Test
    void whatOnePersonTypedIsGoneWhenAnotherSignsIn() {
        dashboard.signIn("olga", "right");
        dashboard.go("#/deploy");
        dashboard.field("Name").locator("input").fill("secret-plan");
        // the page hears of it by itself
        api.endSessions();
        dashboard.page.getByLabel("User").fill("vera");
        dashboard.page.getByLabel("Password").fill("right");
        dashboard.button("Sign in").click();
        assertThat(dashboard.page.locator("argus-account")).containsText("vera");
        assertThat(dashboard.page.locator("argus-deploy-form")).hasCount(0);
    }

    @Test
    void signingOutEndsTheSessionAndEmptiesThePage() {
        api.putService(StandInShapes.running(NAME));
        dashboard.signIn("olga", "right");
        dashboard.row(NAME).waitFor();
        dashboard.button("Sign out").click();
        assertThat(dashboard.page.getByLabel("User")).isVisible();
        assertThat(dashboard.row(NAME)).hasCount(0);
        assertThat(api.requests()).extracting(StandInApi.Request::path).contains("/logout");
        dashboard.page.reload();
        assertThat(dashboard.page.getByLabel("User")).isVisible();
    }

    private static Page.GetByTextOptions containing() {
        return new Page.GetByTextOptions().setExact(false);
    }
}
