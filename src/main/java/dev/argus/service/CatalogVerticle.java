package dev.argus.service;

import dev.argus.bus.ArgusException;
import dev.argus.bus.Bus;
import dev.argus.bus.Done;
import dev.argus.store.Statement;
import dev.argus.store.StoreCommand;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Owns what is wanted of every service. A change is durable before it is answered, and in memory only after that. */
public final class CatalogVerticle extends VerticleBase {
    /** No variable can be called so. */
    private static final String CREDENTIALS = ".repository";

    private final Bus bus;
    private final Clock clock;
    private final SecretBox box;
    private final Map<ServiceName, Service> services = new HashMap<>();
    private final Map<ServiceName, Map<String, byte[]>> secrets = new HashMap<>();
    private Future<?> lastChange = Future.succeededFuture();

    /** A catalog that reads the store when it starts. */
    public CatalogVerticle(Bus bus, Clock clock, SecretBox box) {
        this.bus = bus;
        this.clock = clock;
        this.box = box;
    }

    @Override
    public Future<?> start() {
        bus.<CatalogCommand<?>>serve(CatalogCommand.ADDRESS, this::serve);
        return bus.request(new StoreCommand.Read(ServiceRecords.all()))
                .onSuccess(rows -> rows.forEach(row -> {
                    Service service = ServiceRecords.service(row);
                    services.put(service.name(), service);
                }))
                .compose(done -> bus.request(new StoreCommand.Read(ServiceRecords.secrets())))
                .onSuccess(rows -> rows.forEach(row ->
                        secretsOf(ServiceName.of(row.text("service"))).put(row.text("key"), row.bytes("sealed"))));
    }

    private Future<?> serve(CatalogCommand<?> command) {
        return switch (command) {
            case CatalogCommand.Find c -> Future.succeededFuture(find(c.name()));
            case CatalogCommand.ListServices c -> Future.succeededFuture(list(false));
            case CatalogCommand.ListRemoved c -> Future.succeededFuture(list(true));
            case CatalogCommand.Configure c -> inTurn(() -> configure(c));
            case CatalogCommand.Want c ->
                inTurn(() -> put(find(c.name()).wanting(c.desired(), c.keepData(), c.by(), now())));
            case CatalogCommand.SetLive c -> inTurn(() -> setLive(c));
            case CatalogCommand.NextRelease c -> inTurn(() -> nextRelease(c.name()));
            case CatalogCommand.PatchEnv c -> inTurn(() -> patchEnv(c));
            case CatalogCommand.SetSecret c -> inTurn(() -> setSecret(c));
            case CatalogCommand.Scale c -> inTurn(() -> scale(c));
            case CatalogCommand.ListSecrets c -> Future.succeededFuture(secretNames(find(c.name())));
            case CatalogCommand.RevealEnvironment c -> Future.succeededFuture(reveal(c.name()));
            case CatalogCommand.RevealCredentials c -> Future.succeededFuture(credentials(c.name()));
            case CatalogCommand.Forget c -> inTurn(() -> forget(c.name()));
        };
    }

    /** Changes follow one another: each reads what the one before has written. */
    private <T> Future<T> inTurn(Supplier<Future<T>> change) {
        Future<T> mine = lastChange.transform(ended -> change.get());
        lastChange = mine;
        return mine;
    }

    private Service find(ServiceName name) {
        Service service = services.get(name);
        if (service == null || service.desired() == Desired.REMOVED) {
            throw ArgusException.notFound("There is no service " + name.value() + ".");
        }
        return service;
    }

    private List<Service> list(boolean removed) {
        return services.values().stream()
                .filter(service -> (service.desired() == Desired.REMOVED) == removed)
                .sorted((a, b) -> a.name().value().compareTo(b.name().value()))
                .toList();
    }

    private Future<Service> configure(CatalogCommand.Configure command) {
        Service known = services.get(command.name());
        if (known != null && known.desired() == Desired.REMOVED) {
            throw ArgusException.conflict(
                    "The service " + command.name().value() + " is just being removed; try again in a moment.");
        }
        if (known != null) {
            RepositoryUrl url = command.repository();
            String repository = url == null ? known.repository() : url.address();
            String ref = command.ref() == null ? known.ref() : command.ref();
            return put(known.configured(repository, ref, command.spec().orElse(known.spec()), command.by(), now()))
                    .compose(service -> keepCredentials(service, url));
        }
        RepositoryUrl repository = command.repository();
        if (repository == null) {
            throw ArgusException.notFound("There is no service "
                    + command.name().value() + "; give its repository to deploy it for the first time.");
        }
        return put(new Service(
                        command.name(),
                        repository.address(),
                        command.ref(),
                        command.spec(),
                        Desired.RUNNING,
                        false,
                        null,
                        now(),
                        command.by(),
                        now()))
                .compose(service -> keepCredentials(service, repository));
    }

    /** Credentials of an address are kept ciphertext, like secrets; a new address without any forgets the old ones. */
    private Future<Service> keepCredentials(Service service, @Nullable RepositoryUrl repository) {
        if (repository == null) {
            return Future.succeededFuture(service);
        }
        ServiceName name = service.name();
        Credentials credentials = repository.credentials();
        if (credentials == null) {
            return secretsOf(name).remove(CREDENTIALS) == null
                    ? Future.succeededFuture(service)
                    : write(ServiceRecords.deleteSecret(name, CREDENTIALS)).map(service);
        }
        byte[] ciphertext = box.seal(name.value(), CREDENTIALS, credentials.user() + '\n' + credentials.password());
        return write(ServiceRecords.putSecret(name, CREDENTIALS, ciphertext)).map(done -> {
            secretsOf(name).put(CREDENTIALS, ciphertext);
            return service;
        });
    }

    private Optional<Credentials> credentials(ServiceName name) {
        byte[] ciphertext = secretsOf(name).get(CREDENTIALS);
        if (ciphertext == null) {
            return Optional.empty();
        }
        String[] parts = box.open(name.value(), CREDENTIALS, ciphertext).split("\n", 2);
        return Optional.of(new Credentials(parts[0], parts[1]));
    }

    /** Only now is a stopped service wanted to run: a deployment that fails leaves it stopped. */
    private Future<Service> setLive(CatalogCommand.SetLive command) {
        return put(find(command.name()).live(command.release()).wanting(command.desired(), false, command.by(), now()));
    }

    private Future<Integer> nextRelease(ServiceName name) {
        find(name);
        return bus.request(new StoreCommand.Read(ServiceRecords.nextRelease(name)))
                .compose(rows -> write(ServiceRecords.countRelease(name))
                        .map(done -> (int) rows.getFirst().number("next_release")));
    }

    private Future<Service> scale(CatalogCommand.Scale command) {
        Service service = find(command.name());
        return put(service.configured(
                service.repository(),
                service.ref(),
                service.spec().withInstances(command.instances()),
                command.by(),
                now()));
    }

    private Future<Service> patchEnv(CatalogCommand.PatchEnv command) {
        Service service = find(command.name());
        Map<String, String> env = new TreeMap<>(service.spec().env());
        command.changes()
                .forEach((key, value) -> value.ifPresentOrElse(set -> env.put(key, set), () -> env.remove(key)));
        return put(service.configured(
                service.repository(), service.ref(), service.spec().withEnv(env), command.by(), now()));
    }

    private Future<Done> setSecret(CatalogCommand.SetSecret command) {
        Service service = find(command.name());
        String key = command.key();
        if (command.value().isEmpty()) {
            if (!secretsOf(service.name()).containsKey(key)) {
                throw ArgusException.notFound("The service " + service.name().value() + " has no secret " + key + ".");
            }
            return write(ServiceRecords.deleteSecret(service.name(), key)).map(done -> {
                secretsOf(service.name()).remove(key);
                return changed(service, command);
            });
        }
        byte[] ciphertext =
                box.seal(service.name().value(), key, command.value().get());
        return write(ServiceRecords.putSecret(service.name(), key, ciphertext)).map(done -> {
            secretsOf(service.name()).put(key, ciphertext);
            return changed(service, command);
        });
    }

    private Done changed(Service service, CatalogCommand.SetSecret command) {
        bus.publish(new CatalogEvent.Changed(service));
        bus.publish(new CatalogEvent.SecretChanged(
                service.name(), command.key(), command.value().isPresent(), command.by()));
        return Done.DONE;
    }

    private List<String> secretNames(Service service) {
        return secretsOf(service.name()).keySet().stream()
                .filter(key -> !key.equals(CREDENTIALS))
                .sorted()
                .toList();
    }

    private Map<String, String> reveal(ServiceName name) {
        Service service = services.get(name);
        if (service == null) {
            throw ArgusException.notFound("There is no service " + name.value() + ".");
        }
        Map<String, String> environment = new HashMap<>(service.spec().env());
        secretsOf(name).forEach((key, ciphertext) -> {
            if (!key.equals(CREDENTIALS)) {
                environment.put(key, box.open(name.value(), key, ciphertext));
            }
        });
        return Map.copyOf(environment);
    }

    private Future<Done> forget(ServiceName name) {
        return write(ServiceRecords.delete(name)).map(done -> {
            services.remove(name);
            secrets.remove(name);
            bus.publish(new CatalogEvent.Removed(name));
            return Done.DONE;
        });
    }

    private Map<String, byte[]> secretsOf(ServiceName name) {
        return secrets.computeIfAbsent(name, made -> new HashMap<>());
    }

    private Future<Service> put(Service service) {
        return write(ServiceRecords.put(service)).map(done -> {
            services.put(service.name(), service);
            bus.publish(new CatalogEvent.Changed(service));
            return service;
        });
    }

    private Future<Integer> write(Statement statement) {
        return bus.request(StoreCommand.Write.of(statement));
    }

    private Instant now() {
        return clock.instant();
    }
}
