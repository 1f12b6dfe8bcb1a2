package dev.argus.auth;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes and checks JWTs of one node: ES256 and nothing else, with issuer, audience, subject, id and end all required. */
public final class Tokens {
    /** How long a token is valid when nobody says. */
    public static final Duration DEFAULT_VALIDITY = Duration.ofDays(30);

    /** The longest validity that a token may have. */
    public static final Duration LONGEST_VALIDITY = Duration.ofDays(366);

    /** How long a session of the dashboard lasts. */
    public static final Duration SESSION_VALIDITY = Duration.ofHours(12);

    /** How long a one-time sign-in link can be used. */
    public static final Duration LINK_VALIDITY = Duration.ofMinutes(10);

    private static final String ALGORITHM = "ES256";
    private static final String ISSUER = "argus";
    private static final int LONGEST_TOKEN = 4096;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int MOST_VERIFIED = 1_000;

    /** Tokens whose signature was right, by their hash: to look at one costs a millisecond, which is more than most requests. */
    private final Map<String, Verified> verified = new ConcurrentHashMap<>();

    private final JWTAuth jwt;
    private final String node;

    /** The tokens of the node with that id, signed by {@code keys}. */
    public Tokens(Vertx vertx, SigningKeys keys, String node) {
        this.node = node;
        var options = new JWTAuthOptions()
                .addPubSecKey(new PubSecKeyOptions().setAlgorithm(ALGORITHM).setBuffer(keys.privatePem()))
                .addPubSecKey(new PubSecKeyOptions().setAlgorithm(ALGORITHM).setBuffer(keys.publicPem()))
                .setJWTOptions(new JWTOptions()
                        .setAlgorithm(ALGORITHM)
                        .setIssuer(ISSUER)
                        .setAudience(List.of(node)));
        if (keys.formerPublicPem() != null) {
            options.addPubSecKey(new PubSecKeyOptions().setAlgorithm(ALGORITHM).setBuffer(keys.formerPublicPem()));
        }
        this.jwt = JWTAuth.create(vertx, options);
    }

    /** A record for a new token; {@link #sign} makes the JWT of it. */
    public TokenRecord record(
            TokenRecord.Kind kind,
            String name,
            Role role,
            @Nullable Set<String> services,
            Instant now,
            Duration validity) {
        return new TokenRecord(randomText(16), kind, name, role, services, now, now.plus(validity), null);
    }

    /** The JWT of {@code token}. */
    public String sign(TokenRecord token) {
        var claims = new JsonObject()
                .put("sub", token.name())
                .put("jti", token.id())
                .put("role", token.role().word())
                .put("iat", token.createdAt().getEpochSecond())
                .put("exp", token.expiresAt().getEpochSecond());
        if (token.services() != null) {
            claims.put(
                    "services", new JsonArray(token.services().stream().sorted().toList()));
        }
        return jwt.generateToken(
                claims,
                new JWTOptions().setAlgorithm(ALGORITHM).setIssuer(ISSUER).setAudience(List.of(node)));
    }

    /** The id of a JWT that this node has signed and that has not ended; fails for every other text. */
    public Future<String> verify(String token) {
        if (token.length() > LONGEST_TOKEN || !isPinned(token)) {
            return Future.failedFuture("not a token of this node");
        }
        String key = hash(token);
        Verified before = verified.get(key);
        if (before != null && before.endsAfter(System.currentTimeMillis())) {
            return Future.succeededFuture(before.id());
        }
        return authenticate(token).compose(user -> {
            Object id = user.get("jti");
            Object ends = user.get("exp");
            if (!(id instanceof String known)
                    || !(user.get("sub") instanceof String)
                    || !(ends instanceof Integer || ends instanceof Long)) {
                return Future.failedFuture("not a token of this node");
            }
            remember(key, new Verified(known, ((Number) ends).longValue()));
            return Future.succeededFuture(known);
        });
    }

    private void remember(String key, Verified token) {
        if (verified.size() >= MOST_VERIFIED) {
            verified.clear();
        }
        verified.put(key, token);
    }

    /** Whether a token was revoked is another question: that is asked of its record, each time. */
    private record Verified(String id, long endsAtSecond) {
        boolean endsAfter(long nowMillis) {
            return nowMillis < TimeUnit.SECONDS.toMillis(endsAtSecond);
        }
    }

    private Future<User> authenticate(String token) {
        try {
            return jwt.authenticate(new TokenCredentials(token));
        } catch (RuntimeException e) {
            // claims of other types than they should be are cast without a look
            return Future.failedFuture(e);
        }
    }

    /** Vert.x chooses the key by the header; it is held to one algorithm before it gets that far. */
    private static boolean isPinned(String token) {
        int first = token.indexOf('.');
        int second = token.indexOf('.', first + 1);
        if (first < 1 || second < 0 || second == token.length() - 1 || token.indexOf('.', second + 1) >= 0) {
            return false;
        }
        try {
            var header = new JsonObject(
                    new String(Base64.getUrlDecoder().decode(token.substring(0, first)), StandardCharsets.UTF_8));
            return ALGORITHM.equals(header.getValue("alg"));
        } catch (RuntimeException notJson) {
            return false;
        }
    }

    /** A new code for a one-time link; kept only as {@link #hash}. */
    public static String newCode() {
        return randomText(32);
    }

    /** What is kept of a one-time code: its SHA-256 in hexadecimal. */
    public static String hash(String code) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(code.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String randomText(int bytes) {
        byte[] value = new byte[bytes];
        RANDOM.nextBytes(value);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(value);
    }
}
