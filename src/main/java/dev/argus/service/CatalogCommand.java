package dev.argus.service;

import dev.argus.bus.Command;
import dev.argus.bus.Done;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is asked of the {@link CatalogVerticle}, where alone desired state is changed; answered changes are durable. */
public sealed interface CatalogCommand<R> extends Command<R> {
    /** The address of the {@link CatalogVerticle}. */
    String ADDRESS = "argus.catalog";

    @Override
    default String address() {
        return ADDRESS;
    }

    /** The service; {@code NOT_FOUND} when there is none, or when it is being removed. */
    record Find(ServiceName name) implements CatalogCommand<Service> {}

    /** All services by name, without those being removed. */
    record ListServices() implements CatalogCommand<List<Service>> {}

    /** Those whose removal has begun and not ended; it is taken up again at the next start. */
    record ListRemoved() implements CatalogCommand<List<Service>> {}

    /**
     * Makes or changes a service. What is not given stays; a new one needs a repository. It is wanted running from now on.
     *
     * @param repository null to keep what is configured, together with its credentials
     * @param ref null to keep what is configured
     */
    record Configure(
            ServiceName name,
            @Nullable RepositoryUrl repository,
            @Nullable String ref,
            ServiceSpec spec,
            String by) implements CatalogCommand<Service> {}

    /** Changes what is wanted. */
    record Want(ServiceName name, Desired desired, boolean keepData, String by) implements CatalogCommand<Service> {}

    /**
     * Makes a release the live one, or none when it is null.
     *
     * @param desired what is wanted of the service from now on
     */
    record SetLive(ServiceName name, @Nullable Integer release, Desired desired, String by)
            implements CatalogCommand<Service> {
        /** Makes it the live one of a service that is to run. */
        public static SetLive running(ServiceName name, int release, String by) {
            return new SetLive(name, release, Desired.RUNNING, by);
        }
    }

    /** Changes how many instances are wanted. */
    record Scale(ServiceName name, int instances, String by) implements CatalogCommand<Service> {}

    /** The number for a new release; never given twice, also not after a crash. */
    record NextRelease(ServiceName name) implements CatalogCommand<Integer> {}

    /** Sets variables of the environment, or removes those whose value is empty. */
    record PatchEnv(ServiceName name, Map<String, Optional<String>> changes, String by)
            implements CatalogCommand<Service> {
        /** Copies the changes. */
        public PatchEnv {
            changes = Map.copyOf(changes);
        }

        @Override
        public String toString() {
            return "PatchEnv[" + name.value() + ", " + changes.keySet() + "]";
        }
    }

    /** Sets a secret variable, or forgets it when the value is empty. */
    record SetSecret(ServiceName name, String key, Optional<String> value, String by) implements CatalogCommand<Done> {
        @Override
        public String toString() {
            return "SetSecret[" + name.value() + ", " + key + "]";
        }
    }

    /** The names of the secret variables of a service, in order; their values are for launching it alone. */
    record ListSecrets(ServiceName name) implements CatalogCommand<List<String>> {}

    /**
     * The environment a service was given by people, its secrets in clear, for launching it; no route of the API leads here.
     */
    record RevealEnvironment(ServiceName name) implements CatalogCommand<Map<String, String>> {}

    /** The credentials for the repository of a service, for fetching it; no route of the API leads here. */
    record RevealCredentials(ServiceName name) implements CatalogCommand<Optional<Credentials>> {}

    /** Forgets a service that is removed. */
    record Forget(ServiceName name) implements CatalogCommand<Done> {}
}
