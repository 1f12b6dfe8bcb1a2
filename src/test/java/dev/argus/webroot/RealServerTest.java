package dev.argus.webroot;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import dev.argus.Argus;
import dev.argus.auth.Accounts;
import dev.argus.auth.Role;
import dev.argus.auth.TokenRecord;
import dev.argus.auth.Tokens;
import dev.argus.config.ServerConfig;
import dev.argus.store.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.eclipse.jgit.api.Git;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard of a real server, from the sign-in link to an undeployed service, as a person would go. */
@Tag("browser")
@ExtendWith(Chromium.class)
class RealServerTest {
    private static final int FIRST_VIEW_BYTES = 150_000;
    private static final String NAME = "hello";
    private static final String SERVER = """
            import http.server, sys
            class Hello(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    self.send_response(200); self.end_headers(); self.wfile.write(b"hello")
            print("listening <b>now</b>", flush=True)
            http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Hello).serve_forever()
            """;

    @TempDir
    private Path directory;

    @Test
    void aServiceIsDeployedWatchedStoppedAndUndeployedFromThePageAlone(Browser browser) throws Exception {
        String repository = repository();
        ServerConfig config = config();
        try (Argus argus = Argus.start(config)) {
            String url = "http://127.0.0.1:" + argus.port();
            try (var dashboard = new Dashboard(browser, url, Dashboard.DESK, ColorScheme.LIGHT)) {
                Page page = dashboard.page;
                page.navigate(url + "/#signin=" + link(config));
                dashboard.link("Deploy your first service").click();
                dashboard.field("Name").locator("input").fill(NAME);
                dashboard.field("Repository").locator("input").fill(repository);
                dashboard.button("Deploy").click();
                assertThat(dashboard.heading("Deployment succeeded")).isVisible();
                assertThat(page.locator("body")).containsText("listening <b>now</b>");
                var service = page.locator("a.service-url").first();
                assertThat(service).hasAttribute("href", Pattern.compile("http://" + NAME + "\\.localhost:\\d+"));
                Page visitor = page.context().newPage();
                visitor.navigate(service.getAttribute("href"));
                assertThat(visitor.locator("body")).hasText("hello");
                visitor.close();

                dashboard.go("#/");
                assertThat(dashboard.row(NAME).locator(".status")).hasText("running");
                dashboard.link(NAME).click();
                page.locator("button:has-text(\"Stop\")").first().click();
                assertThat(page.locator(".status").first()).hasText("stopped");
                page.locator("button:has-text(\"Start\")").first().click();
                assertThat(page.locator(".status").first()).hasText("running");

                dashboard.button("Undeploy").click();
                page.locator("dialog[open] [name=name]").fill(NAME);
                page.locator("dialog[open]").locator(".danger").click();
                dashboard.link("See all services").click();
                assertThat(dashboard.link("Deploy your first service")).isVisible();
                // the page leaves a service behind as soon as its removal has begun
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> Files.notExists(
                                config.dataDirectory().resolve("services").resolve(NAME)));
                assertThat(dashboard.complaints()).isEmpty();
            } finally {
                argus.stopServices();
            }
        }
    }

    @Test
    void aServiceIsChangedLookedIntoGoneBackWithAndScaledFromThePageAlone(Browser browser) throws Exception {
        String repository = repository();
        ServerConfig config = config();
        try (Argus argus = Argus.start(config)) {
            String url = "http://127.0.0.1:" + argus.port();
            try (var dashboard = new Dashboard(browser, url, Dashboard.DESK, ColorScheme.DARK)) {
                Page page = dashboard.page;
                page.navigate(url + "/#signin=" + link(config));
                dashboard.link("Deploy your first service").click();
                dashboard.field("Name").locator("input").fill(NAME);
                dashboard.field("Repository").locator("input").fill(repository);
                dashboard.field("Ref").locator("input").focus();
                assertThat(dashboard.field("Ref").locator(".hint")).containsText("2 branches and 1 tag to choose from");
                dashboard.button("Deploy").click();
                assertThat(dashboard.heading("Deployment succeeded")).isVisible();
                assertThat(page.locator(".instances tbody td[data-label=Requests]"))
                        .hasText("gets them");

                dashboard.link("Settings").click();
                page.getByLabel("New variable").fill("GREETING");
                page.getByLabel("Value", new Page.GetByLabelOptions().setExact(true))
                        .fill("good day");
                dashboard.button("Add").click();
                assertThat(page.locator("#env-GREETING")).hasValue("good day");
                page.getByLabel("Secret", new Page.GetByLabelOptions().setExact(true))
                        .fill("PASSWORD");
                page.getByLabel("Its value").fill("c4nary");
                dashboard.button("Set").click();
                assertThat(dashboard.button("Forget PASSWORD")).isVisible();

                dashboard.button("Deploy again").click();
                assertThat(dashboard.heading("Deployed, and on trial")).isVisible();
                assertThat(page.locator(".facts")).containsText("2 · ");
                assertThat(dashboard.heading("Deployment succeeded")).isVisible();
                dashboard.button("Roll back").click();
                dashboard.button("Roll back to release 1").click();
                assertThat(page.locator(".facts")).containsText("1 · ");
                assertThat(dashboard.heading("Deployment succeeded")).isVisible();

                page.getByLabel("Instances wanted").fill("2");
                dashboard.button("Scale").click();
                assertThat(page.locator(".instances tbody td[data-health=healthy]"))
                        .hasCount(2);

                long killed = Long.parseLong(page.locator(".instances tbody td[data-label=PID]")
                        .first()
                        .innerText());
                ProcessHandle.of(killed).orElseThrow().destroyForcibly();
                dashboard.link("Timeline").click();
                assertThat(page.locator(".timeline")).containsText("was started again");
                assertThat(page.locator(".timeline")).containsText("Deployment");
                page.getByText("Evidence").first().click();
                assertThat(page.locator("argus-incident .findings").first())
                        .not()
                        .isEmpty();
                dashboard.link("Releases").click();
                assertThat(page.locator("tr[data-release='1']")).containsText("live");
                assertThat(page.locator("tr[data-release='2']")).containsText("Say hello");

                dashboard.link("Now").click();
                Locator log = page.locator("argus-log");
                log.getByLabel("Only lines with").fill("LISTENING");
                assertThat(log.locator(".line").first()).containsText("listening <b>now</b>");
                assertThat(page.locator(".canvas canvas")).hasCount(4);
                dashboard.go("#/");
                assertThat(page.locator("argus-needs")).hasText("Nothing needs you. 1 of 1 service runs as it should.");
                // a sample is taken every 15 seconds
                assertThat(dashboard.row(NAME).locator("[data-label='Restarts in 24 h']"))
                        .hasText("1", new LocatorAssertions.HasTextOptions().setTimeout(40_000));
                page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "screenshots", "real.png")));
                assertThat(page.content()).doesNotContain("c4nary");
                assertThat(dashboard.complaints()).isEmpty();
            } finally {
                argus.stopServices();
            }
        }
    }

    @Test
    void theFirstViewIsLightAndTheLibrariesOfThePageAreServed(Browser browser) {
        ServerConfig config = config();
        try (Argus argus = Argus.start(config)) {
            String url = "http://127.0.0.1:" + argus.port();
            try (var dashboard = new Dashboard(browser, url, Dashboard.DESK, ColorScheme.LIGHT)) {
                List<Request> finished = new CopyOnWriteArrayList<>();
                dashboard.page.onRequestFinished(finished::add);
                dashboard.page.navigate(url + "/#signin=" + link(config));
                dashboard.link("Deploy your first service").waitFor();
                dashboard.page.locator(".node").waitFor();
                Object millis = dashboard.page.evaluate("Math.round(performance.now())");
                int first = finished.size();
                dashboard.page.waitForCondition(
                        () -> Boolean.TRUE.equals(
                                dashboard.page.evaluate(
                                        "['argus-deploy-form', 'argus-service-detail'].every((tag) => customElements.get(tag) !== undefined)")));
                int bytes = finished.stream()
                        .mapToInt(request -> request.sizes().responseBodySize + request.sizes().responseHeadersSize)
                        .sum();
                System.out.printf(
                        "the first view: at most %s ms, %d requests; with what follows it %d, %d bytes over the wire%n",
                        millis, first, finished.size(), bytes);
                assertThat(bytes).isBetween(20_000, FIRST_VIEW_BYTES);
                assertThat(finished).anyMatch(request -> request.url().endsWith("/lib/lit-html/lit-html.js"));
                assertThat(dashboard
                                .page
                                .request()
                                .get(url + "/lib/uplot/dist/uPlot.iife.min.js")
                                .status())
                        .isEqualTo(200);
                assertThat(dashboard.complaints()).isEmpty();
            }
        }
    }

    private String repository() throws Exception {
        Path repository = Files.createDirectory(directory.resolve("repository"));
        Files.writeString(repository.resolve("server.py"), SERVER);
        Files.writeString(repository.resolve("argus.json"), "{\"start\": \"python3 server.py {port}\"}");
        try (Git git = Git.init().setDirectory(repository.toFile()).call()) {
            git.add().addFilepattern(".").call();
            git.commit()
                    .setMessage("Say hello")
                    .setAuthor("Ann", "ann@example.com")
                    .setCommitter("Ann", "ann@example.com")
                    .setSign(false)
                    .call();
            git.branchCreate().setName("next").call();
            git.tag().setName("v1").setAnnotated(false).call();
        }
        return "file://" + repository;
    }

    private ServerConfig config() {
        ServerConfig d = ServerConfig.DEFAULT;
        return new ServerConfig(
                "127.0.0.1",
                0,
                directory.resolve("data"),
                new ServerConfig.PortRange(29_000, 29_999),
                Set.of("file"),
                new ServerConfig.ProxyConfig("embedded", "127.0.0.1", 0, "localhost"),
                d.health(),
                new ServerConfig.DeployConfig(
                        d.deploy().queue(),
                        d.deploy().cloneTimeout(),
                        d.deploy().buildTimeout(),
                        d.deploy().healthyTimeout(),
                        d.deploy().drainTimeout(),
                        Duration.ofSeconds(10),
                        d.deploy().keepReleases()),
                d.log());
    }

    /** What {@code argus-server login-link} does. */
    private static String link(ServerConfig config) {
        String code = Tokens.newCode();
        Instant now = Instant.now();
        try (Database database = Database.open(config.dataDirectory())) {
            database.write(List.of(Accounts.add(new TokenRecord(
                    Tokens.hash(code),
                    TokenRecord.Kind.LINK,
                    "ann",
                    Role.ADMIN,
                    null,
                    now,
                    now.plus(Tokens.LINK_VALIDITY),
                    null))));
        }
        return code;
    }
}
