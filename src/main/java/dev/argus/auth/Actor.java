package dev.argus.auth;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who does something.
 *
 * @param services the services it is limited to, by exact name; null for all
 * @param tokenId the token it came with; null for Argus itself and for the command line on the host
 * @param expiresAt when that token ends
 */
public record Actor(
        String name,
        Role role,
        @Nullable Set<String> services,
        @Nullable String tokenId,
        @Nullable Instant expiresAt) {

    /** Argus acting by itself. */
    public static final Actor ARGUS = new Actor("argus", Role.ADMIN, null, null, null);

    /** Copies the services. */
    public Actor {
        services = services == null ? null : Set.copyOf(services);
    }

    /** Whether this actor may know that {@code service} exists. */
    public boolean maySee(String service) {
        return services == null || services.contains(service);
    }
}
