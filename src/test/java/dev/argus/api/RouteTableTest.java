package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.argus.auth.Role;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every route of the contract by every role, for all services, the own and a foreign one. The routes come from the contract, what is expected from the table
 * here, so that a route that somebody adds to the contract fails until it has its rule, and one whose role is changed there fails too.
 */
final class RouteTableTest {
    /** What a route is about, which decides what a token gets that is limited to other services. */
    private enum About {
        /** One service, by its name: there is none for others. */
        SERVICE,
        /** One deployment: there is none for others. */
        DEPLOYMENT,
        /** All that the token may see: others get as much as is theirs. */
        WHAT_MAY_BE_SEEN,
        /** The caller, or the machine: nothing of services. */
        NOTHING_OF_SERVICES,
        /** All services together: not for a token that is limited. */
        ALL_SERVICES
    }

    /** @param role empty for everybody */
    private record Rule(Optional<Role> role, About about) {}

    private static final Map<String, Rule> RULES = new TreeMap<>();

    static {
        rule(Optional.empty(), About.NOTHING_OF_SERVICES, "login");
        rule(
                Optional.of(Role.VIEWER),
                About.NOTHING_OF_SERVICES,
                "logout",
                "whoami",
                "getServerStats",
                "getNodeMetrics");
        rule(
                Optional.of(Role.VIEWER),
                About.WHAT_MAY_BE_SEEN,
                "listServices",
                "listDeployments",
                "events",
                "getOverview");
        rule(
                Optional.of(Role.VIEWER),
                About.SERVICE,
                "getService",
                "listReleases",
                "getLogs",
                "why",
                "getTimeline",
                "getMetrics",
                "listIncidents",
                "getIncident");
        rule(Optional.of(Role.VIEWER), About.DEPLOYMENT, "getDeployment", "deploymentLog", "deploymentEvents");
        rule(
                Optional.of(Role.OPERATOR),
                About.SERVICE,
                "undeploy",
                "deploy",
                "build",
                "rollback",
                "scale",
                "start",
                "stop",
                "restart",
                "getEnv",
                "patchEnv",
                "listSecrets",
                "putSecret",
                "deleteSecret");
        rule(Optional.of(Role.OPERATOR), About.NOTHING_OF_SERVICES, "listRefs");
        rule(Optional.of(Role.OPERATOR), About.DEPLOYMENT, "cancelDeployment");
        rule(
                Optional.of(Role.ADMIN),
                About.ALL_SERVICES,
                "listTokens",
                "createToken",
                "revokeToken",
                "listUsers",
                "putUser",
                "removeUser",
                "listAudit",
                "verifyAudit");
    }

    private static void rule(Optional<Role> role, About about, String... operations) {
        for (String operation : operations) {
            RULES.put(operation, new Rule(role, about));
        }
    }

    /** For which services a token is. */
    private enum Reach {
        ALL,
        OWN,
        FOREIGN;

        String[] services() {
            return switch (this) {
                case ALL -> new String[0];
                case OWN -> new String[] {"web"};
                case FOREIGN -> new String[] {"other", "we", "web2"};
            };
        }
    }

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static RunningArgus argus;

    @SuppressWarnings("NullAway.Init")
    private static String deployment;

    @BeforeAll
    static void start() {
        argus = RunningArgus.start(directory.resolve("data"));
        deployment = deploy();
    }

    @AfterAll
    static void end() {
        argus.close();
    }

    /** It exists and never runs: its repository is nowhere. */
    private static String deploy() {
        String id = argus.beginDeploy(
                "web", new JsonObject().put("repository", "file://" + directory.resolve("nowhere.git")));
        argus.ended(id);
        return id;
    }

    static List<Contract.Operation> operations() {
        return Contract.load().operations();
    }

    @Test
    void everyRouteOfTheContractHasItsRuleAndEveryRuleItsRoute() {
        var routes = new TreeSet<String>();
        operations().forEach(operation -> routes.add(operation.id()));
        assertThat(routes).isEqualTo(RULES.keySet());
    }

    @ParameterizedTest
    @MethodSource("operations")
    void everyRouteAnswersEveryRoleForAllOwnAndForeignServicesByItsRule(Contract.Operation operation) {
        Rule rule = RULES.get(operation.id());
        if (rule == null) {
            throw new AssertionError("the route " + operation.id() + " has no rule in this test");
        }
        assertThat(operation.role()).as("the role in the contract").isEqualTo(rule.role());
        List<String> wrong = new ArrayList<>();
        for (String token : List.of("", "no token at all", "q.q.q")) {
            compare("nobody", operation, rule, null, Reach.ALL, token, wrong);
        }
        for (Role role : Role.values()) {
            for (Reach reach : Reach.values()) {
                String token = argus.token(role, reach.services());
                compare(role.word() + " of " + reach, operation, rule, role, reach, token, wrong);
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static void compare(
            String who,
            Contract.Operation operation,
            Rule rule,
            @Nullable Role role,
            Reach reach,
            String token,
            List<String> wrong) {
        Answer answer = call(operation, token, "web", deployment);
        String got = verdict(answer);
        String expected = expected(rule, role, reach);
        if (!got.equals(expected)) {
            wrong.add(operation.id() + " by " + who + ": " + got + " and not " + expected + " (" + answer.status() + " "
                    + answer.body() + ")");
        }
        if (expected.equals("not there")) {
            Answer none = call(operation, token, "no-such", "dnone");
            String same = answer.detail().replace("web", "X").replace(deployment, "Y");
            if (!same.equals(none.detail().replace("no-such", "X").replace("dnone", "Y"))) {
                wrong.add(operation.id() + " by " + who + " tells that there is something: " + answer.detail());
            }
        }
        if (reach == Reach.FOREIGN
                && rule.about() == About.WHAT_MAY_BE_SEEN
                && answer.body().contains("web")) {
            wrong.add(operation.id() + " by " + who + " shows a foreign service: " + answer.body());
        }
        if (operation.id().equals("undeploy") && answer.status() == 200) {
            deployment = deploy();
        }
    }

    private static String expected(Rule rule, @Nullable Role role, Reach reach) {
        if (rule.role().isEmpty()) {
            return "admitted";
        }
        if (role == null) {
            return "unknown";
        }
        if (!role.covers(rule.role().get())) {
            return "forbidden";
        }
        return switch (rule.about()) {
            case SERVICE, DEPLOYMENT -> reach == Reach.FOREIGN ? "not there" : "admitted";
            case ALL_SERVICES -> reach == Reach.ALL ? "admitted" : "forbidden";
            case WHAT_MAY_BE_SEEN, NOTHING_OF_SERVICES -> "admitted";
        };
    }

    /** Who has been let in may still be told that what it asks for contradicts what is so, or that there is no such thing in the service. */
    private static String verdict(Answer answer) {
        return switch (answer.status()) {
            case 401 -> answer.detail().contains("user or the password") ? "admitted" : "unknown";
            case 403 -> "forbidden";
            case 404 ->
                answer.detail().startsWith("There is no service")
                                || answer.detail().startsWith("There is no deployment")
                        ? "not there"
                        : "admitted";
            default -> answer.status() < 500 || answer.status() == 503 ? "admitted" : "broken";
        };
    }

    private static Answer call(Contract.Operation operation, String token, String service, String deploymentId) {
        String id = operation.path().startsWith("/deployments") ? deploymentId : "nobody";
        String path = operation
                .path()
                .replace("{name}", service)
                .replace("{key}", "K")
                .replace("{user}", "nobody")
                .replace("{id}", id);
        HttpRequest.Builder request = argus.request("/api/v1" + path);
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        String body = body(operation.id());
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        request.method(
                operation.method().name(),
                body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        return operation.id().equals("events") ? beginning(request) : argus.send(request);
    }

    /** An answer that never ends, of which only its beginning is read. */
    private static Answer beginning(HttpRequest.Builder request) {
        try {
            var response = argus.http().send(request.build(), BodyHandlers.ofInputStream());
            try (var in = response.body()) {
                String body = response.statusCode() == 200 ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
                return new Answer(response.statusCode(), response.headers(), body);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static @Nullable String body(String operation) {
        return switch (operation) {
            case "scale" -> "{\"instances\":1}";
            case "listRefs" -> "{\"repository\":\"file:///nowhere.git\"}";
            case "login" -> "{\"user\":\"nobody" + System.nanoTime() + "\",\"password\":\"wrong\"}";
            case "patchEnv" -> "{\"A\":\"b\"}";
            case "putSecret" -> "{\"value\":\"x\"}";
            case "createToken" -> "{\"name\":\"t\",\"role\":\"viewer\"}";
            case "putUser" -> "{\"name\":\"u\",\"role\":\"viewer\",\"password\":\"long enough for all\"}";
            default -> null;
        };
    }

    /** What is not in the contract, and open to this machine without a token. */
    @Test
    void besideTheContractThereIsWhatIsOpenAndNothingElse() {
        for (String open : List.of("/isalive", "/healthz", "/metrics", "/openapi.yaml", "/")) {
            assertThat(argus.send(argus.request(open)).status()).as(open).isEqualTo(200);
        }
        HttpRequest.Builder fromElsewhere = argus.request("/metrics").header("X-Forwarded-For", "203.0.113.9");
        assertThat(argus.send(fromElsewhere).status()).isEqualTo(401);
        HttpRequest.Builder limited = argus.request("/metrics")
                .header("X-Forwarded-For", "203.0.113.9")
                .header("Authorization", "Bearer " + argus.token(Role.ADMIN, "web"));
        assertThat(argus.send(limited).status()).isEqualTo(403);
    }
}
