package dev.argus.auth;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A user. */
public record UserRecord(
        String name,
        String passwordHash,
        Role role,
        @Nullable Set<String> services,
        Instant createdAt) {
    /** Copies the services. */
    public UserRecord {
        services = services == null ? null : Set.copyOf(services);
    }

    @Override
    public String toString() {
        return "UserRecord[" + name + ", " + role + "]";
    }
}
