package dev.argus.service;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What users named and want running.
 *
 * @param repository the address without its credentials
 * @param ref a branch, tag or commit; null for the default branch
 * @param spec what was asked for; what it does not say is found in the repository
 * @param keepData whether the data directory stays when the service is being removed
 * @param liveRelease the number of the release that is live; null before the first
 * @param changedBy who last changed what is wanted
 */
public record Service(
        ServiceName name,
        String repository,
        @Nullable String ref,
        ServiceSpec spec,
        Desired desired,
        boolean keepData,
        @Nullable Integer liveRelease,
        Instant createdAt,
        String changedBy,
        Instant changedAt) {

    Service wanting(Desired next, boolean keep, String by, Instant at) {
        return new Service(name, repository, ref, spec, next, keep, liveRelease, createdAt, by, at);
    }

    Service live(@Nullable Integer release) {
        return new Service(name, repository, ref, spec, desired, keepData, release, createdAt, changedBy, changedAt);
    }

    Service configured(String newRepository, @Nullable String newRef, ServiceSpec newSpec, String by, Instant at) {
        return new Service(name, newRepository, newRef, newSpec, desired, keepData, liveRelease, createdAt, by, at);
    }
}
