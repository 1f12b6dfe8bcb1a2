package dev.argus.auth;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What Argus keeps of a token, session or one-time link; never the secret itself. */
public record TokenRecord(
        String id,
        Kind kind,
        String name,
        Role role,
        @Nullable Set<String> services,
        Instant createdAt,
        Instant expiresAt,
        @Nullable Instant lastUsedAt) {

    /** What a token is for. */
    public enum Kind {
        /** A token made for a person or a program. */
        API,
        /** The session of a user who signed in; its name is the user's. */
        SESSION,
        /** A one-time sign-in link; its id is the hash of its code. */
        LINK
    }

    /** Copies the services. */
    public TokenRecord {
        services = services == null ? null : Set.copyOf(services);
    }
}
