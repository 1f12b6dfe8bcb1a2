package dev.argus.auth;

import dev.argus.bus.ArgusException;
import dev.argus.bus.Bus;
import dev.argus.bus.Done;
import dev.argus.bus.ErrorCode;
import dev.argus.store.Statement;
import dev.argus.store.StoreCommand;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns users and tokens. They are kept in memory; once a second it looks whether the command line has changed the file, so a
 * token revoked there is refused within a second.
 */
public final class AuthVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(AuthVerticle.class);
    private static final long LOOK_AGAIN_MILLIS = 1_000;
    private static final long NOTE_USE_MILLIS = 60_000;

    private final Bus bus;
    private final Clock clock;
    private final Path keys;
    private final String node;
    private final Map<String, UserRecord> users = new HashMap<>();
    private final Map<String, TokenRecord> tokens = new HashMap<>();
    private final Map<String, Instant> used = new HashMap<>();
    private final Set<String> removed = new HashSet<>();
    private long foreignChanges = -1;

    private String keysSeen = "";

    @SuppressWarnings("NullAway.Init")
    private Tokens jwt;

    /** The verticle of the node with that id, whose tokens the {@link SigningKeys} in the directory {@code keys} sign; it sees when they are rotated. */
    public AuthVerticle(Bus bus, Clock clock, Path keys, String node) {
        this.bus = bus;
        this.clock = clock;
        this.keys = keys;
        this.node = node;
    }

    @Override
    public Future<?> start() {
        try {
            // at the first start they are made
            SigningKeys.in(keys);
            keysSeen = SigningKeys.stamp(keys);
        } catch (IOException e) {
            return Future.failedFuture(e);
        }
        jwt = new Tokens(vertx, SigningKeys.in(keys), node);
        bus.<AuthCommand<?>>serve(AuthCommand.ADDRESS, this::serve);
        vertx.setPeriodic(LOOK_AGAIN_MILLIS, timer -> lookAgain());
        vertx.setPeriodic(NOTE_USE_MILLIS, timer -> noteUse());
        return load();
    }

    private Future<?> serve(AuthCommand<?> command) {
        return switch (command) {
            case AuthCommand.Authenticate c -> authenticate(c.token());
            case AuthCommand.Ended c -> Future.succeededFuture(ended(c.tokens()));
            case AuthCommand.LogIn c -> logIn(c);
            case AuthCommand.Redeem c -> redeem(c.code());
            case AuthCommand.CreateToken c -> createToken(c);
            case AuthCommand.ListTokens _ ->
                Future.succeededFuture(tokens.values().stream()
                        .filter(token -> token.kind() == TokenRecord.Kind.API && isLive(token))
                        .sorted((a, b) -> a.createdAt().compareTo(b.createdAt()))
                        .toList());
            case AuthCommand.RevokeToken c -> revoke(c.id());
            case AuthCommand.ListUsers _ ->
                Future.succeededFuture(users.values().stream()
                        .sorted((a, b) -> a.name().compareTo(b.name()))
                        .toList());
            case AuthCommand.PutUser c -> putUser(c);
            case AuthCommand.RemoveUser c -> removeUser(c.name());
        };
    }

    private Future<Actor> authenticate(String token) {
        return jwt.verify(token).transform(verified -> {
            if (verified.failed()) {
                return Future.failedFuture(unauthenticated());
            }
            String id = verified.result();
            // one that was made a moment ago on the host may not have been seen yet
            return tokens.containsKey(id) ? admit(id) : load().compose(loaded -> admit(id));
        });
    }

    private Future<Actor> admit(String id) {
        TokenRecord record = tokens.get(id);
        if (record == null || record.kind() == TokenRecord.Kind.LINK || !isLive(record)) {
            return Future.failedFuture(unauthenticated());
        }
        used.put(record.id(), clock.instant());
        return Future.succeededFuture(
                new Actor(record.name(), record.role(), record.services(), record.id(), record.expiresAt()));
    }

    private Set<String> ended(Set<String> ids) {
        Set<String> ended = new HashSet<>();
        for (String id : ids) {
            TokenRecord record = tokens.get(id);
            if (record == null || !isLive(record)) {
                ended.add(id);
            }
        }
        return ended;
    }

    private static ArgusException unauthenticated() {
        return new ArgusException(
                ErrorCode.UNAUTHENTICATED,
                "The token is not valid here or has ended; sign in again or make a new one with argus-server token create.");
    }

    private boolean isLive(TokenRecord token) {
        return token.expiresAt().isAfter(clock.instant());
    }

    private Future<AuthCommand.Session> logIn(AuthCommand.LogIn command) {
        UserRecord user = users.get(command.user());
        return vertx.executeBlocking(() -> {
                    if (user == null) {
                        Passwords.matchNobody(command.password());
                        return false;
                    }
                    return Passwords.matches(command.password(), user.passwordHash());
                })
                .compose(matches -> {
                    if (user == null || !Boolean.TRUE.equals(matches)) {
                        return Future.failedFuture(
                                new ArgusException(ErrorCode.UNAUTHENTICATED, "The user or the password is wrong."));
                    }
                    return issue(jwt.record(
                            TokenRecord.Kind.SESSION,
                            user.name(),
                            user.role(),
                            user.services(),
                            clock.instant(),
                            Tokens.SESSION_VALIDITY));
                });
    }

    private Future<AuthCommand.Session> redeem(String code) {
        String id = Tokens.hash(code);
        return tokens.containsKey(id) ? redeemKnown(id) : load().compose(loaded -> redeemKnown(id));
    }

    private Future<AuthCommand.Session> redeemKnown(String id) {
        TokenRecord link = tokens.get(id);
        if (link == null || link.kind() != TokenRecord.Kind.LINK || !isLive(link)) {
            return Future.failedFuture(usedUp());
        }
        // of those who come together only the one has it for whom the store had it to remove
        return removeToken(link.id())
                .compose(removed -> removed == 0
                        ? Future.failedFuture(usedUp())
                        : issue(jwt.record(
                                TokenRecord.Kind.SESSION,
                                link.name(),
                                link.role(),
                                link.services(),
                                clock.instant(),
                                Tokens.SESSION_VALIDITY)));
    }

    private static ArgusException usedUp() {
        return new ArgusException(
                ErrorCode.UNAUTHENTICATED,
                "This sign-in link was used or has ended; make a new one with argus-server login-link.");
    }

    private Future<AuthCommand.Session> createToken(AuthCommand.CreateToken command) {
        Accounts.requireName("name", command.name());
        if (command.validity().isNegative()
                || command.validity().isZero()
                || command.validity().compareTo(Tokens.LONGEST_VALIDITY) > 0) {
            throw ArgusException.invalid(
                    "expires",
                    "A token lasts at most " + Tokens.LONGEST_VALIDITY.toDays() + " days and more than none.");
        }
        return issue(jwt.record(
                TokenRecord.Kind.API,
                command.name(),
                command.role(),
                command.services(),
                clock.instant(),
                command.validity()));
    }

    private Future<AuthCommand.Session> issue(TokenRecord record) {
        return write(Accounts.removeEnded(clock.instant()), Accounts.add(record))
                .map(done -> {
                    tokens.values().removeIf(token -> !isLive(token));
                    tokens.put(record.id(), record);
                    return new AuthCommand.Session(record.id(), jwt.sign(record), record.expiresAt());
                });
    }

    private Future<Done> revoke(String id) {
        if (tokens.remove(id) == null) {
            return Future.failedFuture(ArgusException.notFound("There is no token " + id + "."));
        }
        return removeToken(id).map(Done.DONE);
    }

    /** Ends a token; answers with 1, or 0 when somebody else has just done so. */
    private Future<Integer> removeToken(String id) {
        tokens.remove(id);
        removed.add(id);
        return write(Accounts.removeToken(id));
    }

    private Future<Done> putUser(AuthCommand.PutUser command) {
        Accounts.requireName("name", command.name());
        Passwords.require(command.password());
        return vertx.executeBlocking(() -> new UserRecord(
                        command.name(),
                        Passwords.hash(command.password()),
                        command.role(),
                        command.services(),
                        clock.instant()))
                .compose(hashed -> {
                    UserRecord user = Objects.requireNonNull(hashed);
                    return write(Accounts.put(user), Accounts.removeSessions(user.name()))
                            .compose(done -> load())
                            .map(Done.DONE);
                });
    }

    private Future<Done> removeUser(String name) {
        if (!users.containsKey(name)) {
            return Future.failedFuture(ArgusException.notFound("There is no user " + name + "."));
        }
        return write(Accounts.removeUser(name), Accounts.removeSessions(name))
                .compose(done -> load())
                .map(Done.DONE);
    }

    private void lookAgain() {
        vertx.executeBlocking(() -> SigningKeys.stamp(keys))
                .compose(stamp -> keysSeen.equals(stamp)
                        ? Future.succeededFuture()
                        : vertx.executeBlocking(() -> new Tokens(vertx, SigningKeys.in(keys), node))
                                .onSuccess(rotated -> {
                                    jwt = Objects.requireNonNull(rotated);
                                    keysSeen = Objects.requireNonNull(stamp);
                                    log.info("the signing keys were rotated");
                                }))
                .onFailure(failure -> log.warn("the signing keys could not be read again: {}", failure.getMessage()));
        bus.request(new StoreCommand.ForeignChanges())
                .compose(now -> {
                    if (now == foreignChanges) {
                        return Future.succeededFuture();
                    }
                    foreignChanges = now;
                    return load();
                })
                .onFailure(failure -> log.warn("users and tokens could not be read again: {}", failure.getMessage()));
    }

    private Future<?> load() {
        return bus.request(new StoreCommand.Read(Accounts.liveTokens(clock.instant())))
                .compose(tokenRows -> bus.request(new StoreCommand.Read(Accounts.users()))
                        .onSuccess(userRows -> {
                            tokens.clear();
                            tokenRows.forEach(row -> tokens.put(row.text("id"), Accounts.token(row)));
                            // what was read may be older than what was removed since
                            removed.removeIf(id -> tokens.remove(id) == null);
                            users.clear();
                            userRows.forEach(row -> users.put(row.text("name"), Accounts.user(row)));
                        }));
    }

    private void noteUse() {
        List<Statement> notes = new ArrayList<>();
        used.forEach((id, at) -> notes.add(Accounts.used(id, at)));
        used.clear();
        if (!notes.isEmpty()) {
            bus.request(new StoreCommand.Write(notes))
                    .onFailure(failure -> log.warn("the use of tokens was not noted: {}", failure.getMessage()));
        }
    }

    private Future<Integer> write(Statement... statements) {
        return bus.request(StoreCommand.Write.of(statements));
    }
}
