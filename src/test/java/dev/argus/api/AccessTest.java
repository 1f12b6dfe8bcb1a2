package dev.argus.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.argus.auth.Accounts;
import dev.argus.auth.Role;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Who may do what: every operation of the contract, and every kind of token that is none. */
final class AccessTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static RunningArgus argus;

    @SuppressWarnings("NullAway.Init")
    private static String viewer;

    @SuppressWarnings("NullAway.Init")
    private static String operator;

    @SuppressWarnings("NullAway.Init")
    private static String adminOfOther;

    @SuppressWarnings("NullAway.Init")
    private static String operatorOfOther;

    @SuppressWarnings("NullAway.Init")
    private static String webDeployment;

    @BeforeAll
    static void start() {
        argus = RunningArgus.start(directory.resolve("data"));
        viewer = argus.token(Role.VIEWER);
        operator = argus.token(Role.OPERATOR);
        adminOfOther = argus.token(Role.ADMIN, "other");
        operatorOfOther = argus.token(Role.OPERATOR, "other", "we", "web2");
        // exists, and never runs: its repository is nowhere
        webDeployment = argus.beginDeploy(
                "web", new JsonObject().put("repository", "file://" + directory.resolve("nowhere.git")));
        assertThat(argus.ended(webDeployment).getString("outcome")).isEqualTo("failed");
    }

    @AfterAll
    static void end() {
        argus.close();
    }

    /** An operation of the contract with its path filled in by what is there or, for what removes, by what is not. */
    record Operation(String id, String method, String path, String role, boolean namesService) {
        @Override
        public String toString() {
            return id;
        }
    }

    @SuppressWarnings("unchecked")
    static List<Operation> operations() {
        Map<String, Object> yaml = new Yaml(new SafeConstructor(new LoaderOptions())).load(Contract.text());
        List<Operation> operations = new ArrayList<>();
        ((Map<String, Map<String, Object>>) yaml.getOrDefault("paths", Map.of())).forEach((path, item) -> {
            item.forEach((method, operation) -> {
                if (operation instanceof Map<?, ?> map) {
                    operations.add(new Operation(
                            String.valueOf(map.get("operationId")),
                            method.toUpperCase(java.util.Locale.ROOT),
                            path,
                            String.valueOf(map.get("x-role")),
                            path.contains("{name}")));
                }
            });
        });
        assertThat(operations).hasSizeGreaterThan(25);
        return operations;
    }

    private static Answer call(Operation operation, String token, String service, String deployment) {
        String id = operation.path().startsWith("/deployments") ? deployment : "nobody";
        String path = operation
                .path()
                .replace("{name}", service)
                .replace("{key}", "K")
                .replace("{user}", "nobody")
                .replace("{id}", id);
        if (operation.id().equals("events")) {
            return status(path, token);
        }
        return argus.call(operation.method(), path, token, body(operation));
    }

    private static @Nullable String body(Operation operation) {
        return switch (operation.id()) {
            case "scale" -> "{\"instances\":1}";
            case "login" -> "{\"user\":\"nobody\",\"password\":\"wrong\"}";
            case "patchEnv" -> "{\"A\":\"b\"}";
            case "putSecret" -> "{\"value\":\"x\"}";
            case "createToken" -> "{\"name\":\"t\",\"role\":\"viewer\"}";
            case "putUser" -> "{\"name\":\"u\",\"role\":\"viewer\",\"password\":\"long enough for all\"}";
            default -> null;
        };
    }

    /** The status of an answer that never ends. */
    private static Answer status(String path, String token) {
        try {
            HttpRequest.Builder request = argus.request("/api/v1" + path);
            if (!token.isEmpty()) {
                request.header("Authorization", "Bearer " + token);
            }
            var response = argus.http().send(request.build(), java.net.http.HttpResponse.BodyHandlers.ofInputStream());
            String body = response.statusCode() == 200
                    ? ""
                    : new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
            response.body().close();
            return new Answer(response.statusCode(), response.headers(), body);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("operations")
    void everyOperationAnswersByTheRoleOfTheContract(Operation operation) {
        Answer nobody = call(operation, "", "web", webDeployment);
        String forOnce = operation.id().equals("logout") ? argus.token(Role.VIEWER) : viewer;
        Answer asViewer = call(operation, forOnce, "web", webDeployment);
        assertThat(nobody.status()).as(nobody.body()).isEqualTo(401);
        switch (operation.role()) {
            case "none" -> assertThat(asViewer.status()).isEqualTo(401);
            case "viewer" -> {
                if (operation.id().equals("getIncident")) {
                    // nothing has gone wrong yet: whoever gets so far as to be told so has been let in
                    assertThat(asViewer.detail()).contains("has no incident");
                    return;
                }
                assertThat(asViewer.status()).as(asViewer.body()).isBetween(200, 299);
            }
            case "operator" -> {
                assertThat(asViewer.status()).as(asViewer.body()).isEqualTo(403);
                assertThat(asViewer.code()).isEqualTo("forbidden");
                Answer asOperator = call(operation, operator, "no-such", "dnone");
                // what is about no service has no name that could be unknown, and gets as far as the missing body
                int letIn = operation.namesService() || operation.path().startsWith("/deployments/") ? 404 : 400;
                assertThat(asOperator.status()).as(asOperator.body()).isEqualTo(letIn);
            }
            case "admin" -> {
                assertThat(asViewer.status()).as(asViewer.body()).isEqualTo(403);
                assertThat(call(operation, operator, "web", webDeployment).status())
                        .isEqualTo(403);
                assertThat(call(operation, argus.adminToken(), "web", webDeployment)
                                .status())
                        .isIn(200, 201, 404);
            }
            default -> throw new AssertionError("unknown role " + operation.role());
        }
    }

    @ParameterizedTest
    @MethodSource("operations")
    void aTokenForAnotherServiceFindsNothing(Operation operation) {
        if (operation.namesService() || operation.path().startsWith("/deployments/")) {
            for (String token : List.of(adminOfOther, operatorOfOther)) {
                Answer answer = call(operation, token, "web", webDeployment);
                Answer none = call(operation, token, "no-such", "dnone");
                assertThat(answer.status()).as(answer.body()).isEqualTo(404);
                assertThat(answer.detail().replace("web", "X").replace(webDeployment, "Y"))
                        .as("as if it did not exist")
                        .isEqualTo(none.detail().replace("no-such", "X").replace("dnone", "Y"));
            }
        }
    }

    @Test
    void listsShowATokenOnlyItsServices() {
        for (String path : List.of("/services", "/deployments", "/deployments?service=web")) {
            Answer answer = argus.call("GET", path, operatorOfOther, null);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.array()).as(path).isEmpty();
        }
    }

    @Test
    void deploymentsOfOthersDoNotPushAnOwnOneOutOfTheList() {
        String own = argus.token(Role.VIEWER, "own");
        argus.deploy("own", new JsonObject().put("repository", "file://" + directory.resolve("nowhere.git")));
        argus.deploy("loud", new JsonObject().put("repository", "file://" + directory.resolve("nowhere.git")));

        assertThat(argus.call("GET", "/deployments?limit=1", own, null).array()).hasSize(1);
    }

    @Test
    void anAdminOfSomeServicesMayNotReachBeyondThemByAccounts() {
        Answer made = argus.call("POST", "/tokens", adminOfOther, "{\"name\":\"all\",\"role\":\"admin\"}");
        assertThat(made.status()).as(made.body()).isEqualTo(403);
        for (String path : List.of("/tokens", "/users", "/audit")) {
            assertThat(argus.call("GET", path, adminOfOther, null).status())
                    .as(path)
                    .isEqualTo(403);
        }
        assertThat(argus.call(
                                "POST",
                                "/users",
                                adminOfOther,
                                "{\"name\":\"u\",\"role\":\"admin\",\"password\":\"long enough for all\"}")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void refusedActsAreAuditedWithWhoTriedThem() {
        assertThat(argus.call("POST", "/services/web/stop", viewer, null).status())
                .isEqualTo(403);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(argus.get("/audit").array()).anySatisfy(record -> {
                    var json = (JsonObject) record;
                    assertThat(json.getString("actor")).isEqualTo("test-viewer");
                    assertThat(json.getString("action")).isEqualTo("stop");
                    assertThat(json.getString("service")).isEqualTo("web");
                    assertThat(json.getString("result")).isEqualTo("403");
                }));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/nothing",
                "/api/v1",
                "/api/v2/services",
                "/API/v1/services",
                "/api/v1/Services",
                "/api/v1/services/web/nothing",
                "/api/v1/services/web/deploy/x",
                "/api/v1/services/web/logs/..%2f..%2fetc%2fpasswd",
                "/api/v1/services/web/env/A",
                "/services",
                "/..%2f..%2fetc/passwd",
                "/%2e%2e/%2e%2e/etc/passwd",
                "/.git/config",
                "/api/v1/%73ervice"
            })
    void anUnknownAddressIsNotFound(String path) {
        Answer answer = argus.send(argus.request(path).header("Authorization", "Bearer " + argus.adminToken()));
        assertThat(answer.status()).as(answer.body()).isEqualTo(404);
        assertThat(answer.code()).isEqualTo("not-found");
    }

    @Test
    void aWrongMethodIsNotAllowedAndVerbsAreNotGotten() {
        for (String wrong : List.of(
                "GET /services/web/stop",
                "GET /services/web/deploy",
                "PUT /services/web",
                "POST /services",
                "PATCH /services/web/secrets/K",
                "DELETE /services",
                "GET /login",
                "GET /logout",
                "FOO /services")) {
            String[] parts = wrong.split(" ", -1);
            Answer answer = argus.call(parts[0], parts[1], argus.adminToken(), null);
            assertThat(answer.status()).as(wrong + " " + answer.body()).isEqualTo(405);
            assertThat(answer.code()).isEqualTo("method-not-allowed");
        }
    }

    // tokens that are none

    static List<String> forged() throws GeneralSecurityException, IOException {
        // the claims of a token that is good, so that only what is forged is to blame
        String[] good = argus.adminToken().split("\\.", -1);
        String claims = good[1];
        String publicPem = java.nio.file.Files.readString(argus.dataDirectory().resolve("keys/token-public.pem"));
        List<String> tokens = new ArrayList<>();
        for (String none : List.of("none", "nOnE", "NONE", "")) {
            tokens.add(part("{\"alg\":\"" + none + "\",\"typ\":\"JWT\"}") + "." + claims + ".");
            tokens.add(part("{\"alg\":\"" + none + "\",\"typ\":\"JWT\"}") + "." + claims + "." + good[2]);
        }
        tokens.add(part("{\"typ\":\"JWT\"}") + "." + claims + "." + good[2]);
        tokens.add(hs256(claims, publicPem));
        tokens.add(hs256(claims, publicPem.strip()));
        tokens.add(hs256(claims, " " + publicPem));
        tokens.add(good[0] + "." + good[1]);
        tokens.add(good[0] + "." + good[1] + ".");
        tokens.add(good[0] + "." + good[1] + "." + good[2] + "." + good[2] + "." + good[2]);
        tokens.add("." + good[1] + "." + good[2]);
        tokens.add(good[0] + ".." + good[2]);
        tokens.add("x.y.z");
        tokens.add("nonsense");
        tokens.add(good[0] + "." + part("{\"sub\":\"root\",\"role\":\"admin\"}") + "." + good[2]);
        tokens.add(otherKey(claims, "{\"alg\":\"ES256\",\"typ\":\"JWT\"}"));
        tokens.add(otherKey(claims, "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"../../dev/null\"}"));
        tokens.add(otherKey(claims, "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"jku\":\"http://127.0.0.1:1/keys\"}"));
        tokens.add("a".repeat(6_000));
        return tokens;
    }

    @ParameterizedTest
    @MethodSource("forged")
    void aForgedTokenIsRefusedLikeAnyOther(String token) {
        refused(token);
    }

    private static void refused(String token) {
        Answer answer = argus.call("GET", "/services", token, null);
        assertThat(answer.status()).as(answer.body()).isEqualTo(401);
        assertThat(answer.body())
                .as("always the same words")
                .isEqualTo(argus.call("GET", "/services", "q.q.q", null).body());
        assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
    }

    /** Signed by the key of this node, which nobody but the server has; only the claims are wrong. */
    @Test
    void aTokenWithoutAllItsClaimsIsRefused() throws Exception {
        JsonObject good = new JsonObject(new String(
                Base64.getUrlDecoder().decode(argus.adminToken().split("\\.", -1)[1]), StandardCharsets.UTF_8));
        assertThat(argus.call("GET", "/services", ownKey(good), null).status()).isEqualTo(200);
        long now = Instant.now().getEpochSecond();
        List<JsonObject> bad = new ArrayList<>();
        for (String claim : List.of("exp", "aud", "iss", "jti", "sub")) {
            bad.add(without(good, claim));
        }
        bad.add(good.copy().put("exp", now - 5));
        bad.add(good.copy().put("exp", "never"));
        bad.add(good.copy().put("exp", 1e300));
        bad.add(good.copy().put("aud", List.of("another-node")));
        bad.add(good.copy().put("iss", "another"));
        bad.add(good.copy().put("jti", "another"));
        bad.add(good.copy().put("nbf", now + 3_600));
        bad.add(good.copy().put("iat", now + 3_600));
        for (JsonObject claims : bad) {
            Answer answer = argus.call("GET", "/services", ownKey(claims), null);
            assertThat(answer.status()).as(claims.encode() + answer.body()).isEqualTo(401);
        }
    }

    @Test
    void aRoleWrittenIntoATokenDoesNotRaiseTheRoleItHas() throws Exception {
        JsonObject claims = new JsonObject(
                new String(Base64.getUrlDecoder().decode(viewer.split("\\.", -1)[1]), StandardCharsets.UTF_8));
        String raised = ownKey(claims.put("role", "admin"));
        assertThat(argus.call("GET", "/tokens", raised, null).status()).isEqualTo(403);
    }

    @Test
    void anExpiredTokenIsRefused() {
        String token = argus.tokenOnTheHost("short", Role.VIEWER, Duration.ofSeconds(10));
        assertThat(argus.call("GET", "/services", token, null).status()).isEqualTo(200);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> argus.call("GET", "/services", token, null).status() == 401);
        refused(token);
    }

    @Test
    void aTokenInAnAddressIsRefused() {
        for (String path :
                List.of("/services?token=" + argus.adminToken(), "/events?access_token=" + argus.adminToken())) {
            Answer answer = argus.call("GET", path, "", null);
            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            assertThat(answer.body()).doesNotContain(argus.adminToken());
        }
    }

    @Test
    void otherSchemesThanBearerAreRefused() {
        for (String header : List.of("Basic " + part("admin:admin"), "Bearer", "Bearer ", argus.adminToken())) {
            Answer answer = argus.send(argus.request("/api/v1/services").header("Authorization", header));
            assertThat(answer.status()).as(header).isEqualTo(401);
        }
    }

    @Test
    void aRevokedTokenEndsAtOnce() {
        Answer made = argus.post(
                "/tokens",
                new JsonObject().put("name", "ci").put("role", "viewer").put("expires", "1h"));
        String token = made.json().getString("token");
        String id = made.json().getString("id");
        assertThat(argus.call("GET", "/services", token, null).status()).isEqualTo(200);
        assertThat(argus.get("/tokens").body()).contains(id).doesNotContain(token);

        assertThat(argus.delete("/tokens/" + id).status()).isEqualTo(204);

        refused(token);
        assertThat(argus.delete("/tokens/" + id).status()).isEqualTo(404);
    }

    @Test
    void aTokenRevokedOnTheHostEndsWhileArgusRuns() {
        Answer made = argus.post("/tokens", new JsonObject().put("name", "ci").put("role", "viewer"));
        String token = made.json().getString("token");
        assertThat(argus.call("GET", "/services", token, null).status()).isEqualTo(200);

        argus.writeOnTheHost(Accounts.removeToken(made.json().getString("id")));

        await().atMost(Duration.ofSeconds(30))
                .until(() -> argus.call("GET", "/services", token, null).status() == 401);
        refused(token);
    }

    @Test
    void theTokenOfAnotherNodeIsRefused() {
        try (var other = RunningArgus.start(directory.resolve("other-node"))) {
            refused(other.adminToken());
        }
    }

    @Test
    void anEndlessOrOverlongValidityIsRefused() {
        for (String expires : List.of("0s", "-1d", "9999d", "soon")) {
            Answer answer = argus.post(
                    "/tokens",
                    new JsonObject().put("name", "ci").put("role", "viewer").put("expires", expires));
            assertThat(answer.status()).as(expires + answer.body()).isEqualTo(400);
            assertThat(answer.field()).isEqualTo("expires");
        }
    }

    @Test
    void garbageOnTheWireIsAnsweredOrCutAndTheServerLivesOn() throws IOException {
        for (String garbage : List.of(
                "\0\1GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(20_000) + "\r\n\r\n",
                "GET /" + "x".repeat(10_000) + " HTTP/1.1\r\nHost: a\r\n\r\n",
                "POST /api/v1/services/web/stop HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 9\r\n\r\nabcd",
                "POST /api/v1/login HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")) {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), argus.port())) {
                socket.setSoTimeout(5_000);
                socket.getOutputStream().write(garbage.getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().flush();
                byte[] begun = socket.getInputStream().readNBytes(12);
                String status = new String(begun, StandardCharsets.ISO_8859_1);
                assertThat(status.isEmpty() || status.matches("HTTP/1.[01] 4\\d\\d"))
                        .as(status)
                        .isTrue();
            }
        }
        assertThat(argus.get("/services").status()).isEqualTo(200);
    }

    private static JsonObject without(JsonObject claims, String name) {
        JsonObject copy = claims.copy();
        copy.remove(name);
        return copy;
    }

    private static String part(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String hs256(String claims, String secret) throws GeneralSecurityException {
        String signed = part("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "." + claims;
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return signed + "."
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String otherKey(String claims, String header) throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return es256(part(header) + "." + claims, generator.generateKeyPair().getPrivate());
    }

    private static String ownKey(JsonObject claims) throws GeneralSecurityException, IOException {
        String pem = java.nio.file.Files.readString(argus.dataDirectory().resolve("keys/token-private.pem"));
        byte[] encoded = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        var key = java.security.KeyFactory.getInstance("EC")
                .generatePrivate(new java.security.spec.PKCS8EncodedKeySpec(encoded));
        return es256(part("{\"alg\":\"ES256\",\"typ\":\"JWT\"}") + "." + part(claims.encode()), key);
    }

    private static String es256(String signed, java.security.PrivateKey key) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initSign(key);
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
    }
}
