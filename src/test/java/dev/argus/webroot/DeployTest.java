package dev.argus.webroot;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/** The deploy form, and a deployment as it goes on. */
class DeployTest extends DashboardTestCase {
    private static final String REPOSITORY = "https://git.example.com/team/simple.git";

    @Test
    void aNewServiceIsDeployedAndItsProgressIsSeenToTheEnd() {
        dashboard.signIn("olga", "right");
        dashboard.link("Deploy your first service").click();
        fill("Name", NAME);
        fill("Repository", REPOSITORY);
        fill("Ref", "v1.2");
        dashboard.button("Deploy").click();
        assertThat(dashboard.heading("Deployment under way")).isVisible();
        assertThat(api.requests())
                .containsExactly(new StandInApi.Request(
                        "POST",
                        "/services/" + NAME + "/deploy",
                        new JsonObject().put("repository", REPOSITORY).put("ref", "v1.2")));

        String id = api.newestDeployment("service=" + NAME).getFirst().getString("id");
        api.step(id, "checkout", "running", null);
        assertThat(step("Fetch the repository")).hasAttribute("aria-current", "step");
        api.step(id, "checkout", "succeeded", "4f1c9a7b First");
        api.step(id, "build", "running", null);
        api.output(id, "go: downloading example.com/\u001b[31m<b>mux</b>");
        assertThat(step("Fetch the repository")).hasAttribute("data-state", "succeeded");
        assertThat(step("Fetch the repository")).containsText("4f1c9a7b First");
        assertThat(dashboard.page.locator(".output")).containsText("go: downloading example.com/<b>mux</b>");
        assertThat(dashboard.page.locator(".output [data-colour=red]")).hasText("<b>mux</b>");
        api.step(id, "build", "succeeded", null);
        api.finish(id, "succeeded", null);
        assertThat(dashboard.heading("Deployment succeeded")).isVisible();
        assertThat(dashboard.button("Cancel deployment")).isHidden();
        assertThat(step("Build")).hasAttribute("data-state", "succeeded");
    }

    @Test
    void whatIsMissingIsSaidAtItsFieldAndNothingIsSent() {
        dashboard.signIn("olga", "right");
        dashboard.go("#/deploy");
        fill("Name", "../logout");
        dashboard.button("Deploy").click();
        assertThat(dashboard.field("Name").locator(".field-error")).containsText("Give it a name of 1 to 63");
        assertThat(dashboard.field("Name").locator("input")).isFocused();
        assertThat(dashboard.field("Repository").locator(".field-error"))
                .hasText("Give the address of its git repository.");
        fill("Name", NAME);
        assertThat(dashboard.field("Name").locator(".field-error")).isHidden();
        assertThat(api.requests()).isEmpty();
    }

    @Test
    void whatTheServerRefusesIsSaidAtTheFieldItNamesAlsoInAClosedGroup() {
        dashboard.signIn("olga", "right");
        dashboard.go("#/deploy");
        fill("Name", NAME);
        fill("Repository", REPOSITORY);
        String sentence = "isalive.interval is \"often\", which is no duration; write for example 2s.";
        api.refuseNext("POST /services/" + NAME + "/deploy", 400, sentence, "isalive.interval");
        dashboard.button("Deploy").click();
        assertThat(dashboard.field("Every").locator(".field-error")).hasText(sentence);
        assertThat(dashboard.field("Every").locator("input")).isFocused();
        assertThat(dashboard.field("Every").locator("input")).hasAttribute("aria-invalid", "true");

        api.refuseNext("POST /services/" + NAME + "/deploy", 400, "env.PORT is set by Argus itself.", "env.PORT");
        dashboard.button("Deploy").click();
        assertThat(dashboard.field("Environment").locator(".field-error")).hasText("env.PORT is set by Argus itself.");
        assertThat(dashboard.field("Every").locator(".field-error")).isHidden();

        api.refuseNext("POST /services/" + NAME + "/deploy", 503, "Too many deployments wait; try again in 5 s.", null);
        dashboard.button("Deploy").click();
        assertThat(dashboard.page.locator(".notice")).containsText("Too many deployments wait; try again in 5 s.");
        assertThat(dashboard.field("Name").locator("input")).hasValue(NAME);
    }

    @Test
    void onlyWhatWasChangedIsSentForAServiceThatIsThere() {
        var spec = new JsonObject()
                .put("port", 8081)
                .put("isalive", new JsonObject().put("path", "/healthz").put("failures", 3))
                .put("env", new JsonObject().put("LEVEL", "info").put("OLD", "1"));
        api.putService(StandInShapes.running(NAME).put("spec", spec));
        dashboard.signIn("olga", "right");
        dashboard.link(NAME).click();
        dashboard.link("Deploy with changes").click();
        assertThat(dashboard.field("Port").locator("input")).hasValue("8081");
        assertThat(dashboard.field("Instances").locator("input")).hasValue("");
        dashboard.page.getByText("Running it").click();
        dashboard.page.getByText("Watching it").click();
        fill("Failures in a row", "5");
        dashboard.field("Environment").locator("textarea").fill("LEVEL=debug\nNEW=a=b");
        dashboard.button("Deploy").click();
        assertThat(dashboard.heading("Deployment under way")).isVisible();
        assertThat(api.requests())
                .containsExactly(
                        new StandInApi.Request("PATCH", "/services/" + NAME + "/env", new JsonObject().putNull("OLD")),
                        new StandInApi.Request(
                                "POST",
                                "/services/" + NAME + "/deploy",
                                new JsonObject()
                                        .put(
                                                "env",
                                                new JsonObject()
                                                        .put("LEVEL", "debug")
                                                        .put("NEW", "a=b"))
                                        .put("isalive", new JsonObject().put("failures", 5))));
    }

    @Test
    void variablesThatWereTakenAwayAreThereAgainWhenTheDeploymentIsRefused() {
        var env = new JsonObject().put("LEVEL", "info").put("OLD", "1").put("KEY", "two\nlines");
        api.putService(StandInShapes.running(NAME).put("spec", new JsonObject().put("env", env)));
        dashboard.signIn("olga", "right");
        dashboard.link(NAME).click();
        dashboard.link("Deploy with changes").click();
        dashboard.page.getByText("Running it").click();
        assertThat(dashboard.field("Environment").locator("textarea")).hasValue("LEVEL=info\nOLD=1");
        dashboard.field("Environment").locator("textarea").fill("LEVEL=info");
        api.refuseNext("POST /services/" + NAME + "/deploy", 503, "Too many deployments wait; try again in 5 s.", null);
        dashboard.button("Deploy").click();
        assertThat(dashboard.page.locator(".notice")).containsText("Too many deployments wait; try again in 5 s.");
        assertThat(api.service(NAME).getJsonObject("spec").getJsonObject("env")).isEqualTo(env);
    }

    @Test
    void branchesAndTagsOfTheRepositoryAreOffered() {
        dashboard.signIn("olga", "right");
        dashboard.go("#/deploy");
        fill("Repository", REPOSITORY);
        dashboard.field("Ref").locator("input").focus();
        assertThat(dashboard.field("Ref").locator(".hint"))
                .hasText("2 branches and 1 tag to choose from; left empty, main");
        assertThat(dashboard.field("Ref").locator("option")).hasCount(3);
        assertThat(dashboard.field("Ref").locator("input")).hasAttribute("list", "field-ref-offers");
    }

    @Test
    void aRepositoryThatDoesNotAnswerStillTakesARefThatIsWritten() {
        dashboard.signIn("olga", "right");
        dashboard.go("#/deploy");
        fill("Name", NAME);
        fill("Repository", "https://away.example.com/simple.git");
        fill("Ref", "main");
        assertThat(dashboard.field("Ref").locator(".hint"))
                .hasText("Branch, tag or commit. Argus cannot list them: The host away.example.com does not answer.");
        dashboard.button("Deploy").click();
        assertThat(dashboard.heading("Deployment under way")).isVisible();
    }

    @Test
    void aDeploymentThatSucceededShowsTheAddress() {
        api.putService(StandInShapes.running(NAME));
        String id = api.addDeployment(NAME, "olga");
        dashboard.signIn("olga", "right");
        dashboard.link(NAME).click();
        assertThat(dashboard.heading("Deployment under way")).isVisible();
        assertThat(dashboard.page.locator("argus-deployment .service-url")).isHidden();
        api.finish(id, "succeeded", null);
        assertThat(dashboard.page.locator("argus-deployment .service-url"))
                .hasAttribute("href", "http://127.0.0.1:20001");
    }

    @Test
    void deployingAgainSendsNothingNew() {
        api.putService(StandInShapes.running(NAME));
        dashboard.signIn("olga", "right");
        dashboard.link(NAME).click();
        dashboard.button("Deploy again").click();
        assertThat(dashboard.heading("Deployment under way")).isVisible();
        assertThat(api.requests())
                .containsExactly(new StandInApi.Request("POST", "/services/" + NAME + "/deploy", new JsonObject()));
    }

    @Test
    void anAnswerThatIsOlderThanTheEventsDoesNotTakeAStepBack() {
        api.putService(StandInShapes.running(NAME));
        String id = api.addDeployment(NAME, "olga");
        var asked = api.holdNext("GET /deployments/" + id);
        dashboard.signIn("olga", "right");
        dashboard.link(NAME).click();
        asked.awaitRequest();
        JsonObject older = api.deployment(id).copy().put("by", "the older answer");
        api.step(id, "checkout", "running", null);
        assertThat(step("Fetch the repository")).hasAttribute("aria-current", "step");
        asked.answer(older);
        assertThat(dashboard.page.locator("argus-deployment")).containsText("by the older answer");
        assertThat(step("Fetch the repository")).hasAttribute("aria-current", "step");
    }

    @Test
    void anAnswerAboutAnEarlierDeploymentDoesNotHideTheOneUnderWay() {
        api.putService(StandInShapes.running(NAME));
        JsonObject earlier = api.deployment(api.addDeployment(NAME, "otto"));
        dashboard.signIn("olga", "right");
        var asked = api.holdNext("GET /deployments");
        dashboard.link(NAME).click();
        asked.awaitRequest();
        dashboard.button("Deploy again").click();
        assertThat(dashboard.page.locator("argus-deployment")).containsText("by olga");
        String id = api.newestDeployment("service=" + NAME).getFirst().getString("id");
        api.step(id, "checkout", "running", null);
        assertThat(step("Fetch the repository")).hasAttribute("aria-current", "step");
        asked.answer(new JsonArray().add(earlier));
        api.step(id, "checkout", "succeeded", null);
        assertThat(step("Fetch the repository")).hasAttribute("data-state", "succeeded");
        assertThat(dashboard.page.locator("argus-deployment")).containsText("by olga");
    }

    @Test
    void aDeploymentThatSomebodyElseBeganIsSeenAndCanBeCancelled() {
        api.putService(StandInShapes.running(NAME));
        dashboard.signIn("olga", "right");
        dashboard.link(NAME).click();
        assertThat(dashboard.page.locator(".connection")).hasText("Live");
        String id = api.addDeployment(NAME, "otto");
        api.step(id, "checkout", "running", null);
        assertThat(dashboard.heading("Deployment under way")).isVisible();
        assertThat(dashboard.page.locator("argus-deployment")).containsText("by otto");
        dashboard.button("Cancel deployment").click();
        assertThat(dashboard.heading("Deployment cancelled")).isVisible();
        assertThat(dashboard.page.locator(".cause")).hasText("Cancelled by hand.");
        assertThat(api.requests()).containsExactly(new StandInApi.Request("DELETE", "/deployments/" + id, null));
    }

    @Test
    void aDeploymentThatFailedShowsItsCauseAndItsOutputLater() {
        api.putService(StandInShapes.running(NAME));
        String id = api.addDeployment(NAME, "olga");
        api.step(id, "build", "running", null);
        api.output(id, "./main.go:3:1: syntax error");
        api.step(id, "build", "failed", "go build exited with status 1");
        api.finish(id, "failed", "The build failed; see its output.");
        dashboard.signIn("vera", "right");
        dashboard.link(NAME).click();
        assertThat(dashboard.heading("Deployment failed")).isVisible();
        assertThat(dashboard.page.locator(".cause")).hasText("The build failed; see its output.");
        assertThat(dashboard.page.locator(".output")).containsText("./main.go:3:1: syntax error");
        assertThat(step("Build")).hasAttribute("data-state", "failed");
    }

    private void fill(String label, String text) {
        dashboard.field(label).locator("input").fill(text);
    }

    private Locator step(String name) {
        return dashboard
                .page
                .locator(".steps li")
                .filter(new Locator.FilterOptions()
                        .setHas(dashboard.page.getByText(name, new Page.GetByTextOptions().setExact(true))));
    }
}
