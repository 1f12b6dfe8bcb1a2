package dev.argus.auth;

import dev.argus.bus.Command;
import dev.argus.bus.Done;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is asked of the {@link AuthVerticle}. */
public sealed interface AuthCommand<R> extends Command<R> {
    /** The address of the {@link AuthVerticle}. */
    String ADDRESS = "argus.auth";

    @Override
    default String address() {
        return ADDRESS;
    }

    /** Who holds this JWT; {@code UNAUTHENTICATED}, always with the same words, when it is not valid now. */
    record Authenticate(String token) implements AuthCommand<Actor> {
        @Override
        public String toString() {
            return "Authenticate[…]";
        }
    }

    /** Which of these tokens are good no more: revoked, ended, or of a user who was removed or changed. */
    record Ended(Set<String> tokens) implements AuthCommand<Set<String>> {
        /** Copies the ids. */
        public Ended {
            tokens = Set.copyOf(tokens);
        }
    }

    /** A session for a user who gives the right password. */
    record LogIn(String user, String password) implements AuthCommand<Session> {
        @Override
        public String toString() {
            return "LogIn[" + user + ", …]";
        }
    }

    /** A session for whoever brings the code of a one-time link; the code is used up. */
    record Redeem(String code) implements AuthCommand<Session> {
        @Override
        public String toString() {
            return "Redeem[…]";
        }
    }

    /** A new token, which is shown only in this answer. */
    record CreateToken(String name, Role role, @Nullable Set<String> services, Duration validity)
            implements AuthCommand<Session> {}

    /** All tokens that have not ended, without their secrets. */
    record ListTokens() implements AuthCommand<List<TokenRecord>> {}

    /** Ends a token at once. */
    record RevokeToken(String id) implements AuthCommand<Done> {}

    /** All users. */
    record ListUsers() implements AuthCommand<List<UserRecord>> {}

    /** Adds a user or changes an existing one. */
    record PutUser(
            String name,
            String password,
            Role role,
            @Nullable Set<String> services) implements AuthCommand<Done> {
        @Override
        public String toString() {
            return "PutUser[" + name + ", …]";
        }
    }

    /** Removes a user and ends the sessions it has. */
    record RemoveUser(String name) implements AuthCommand<Done> {}

    /** A JWT and when it ends. */
    record Session(String id, String token, Instant expiresAt) {
        @Override
        public String toString() {
            return "Session[" + id + ", …]";
        }
    }
}
