package dev.argus.deploy;

import dev.argus.bus.ArgusException;
import dev.argus.bus.Bus;
import dev.argus.service.Service;
import dev.argus.store.Statement;
import dev.argus.store.StoreCommand;
import io.vertx.core.Future;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is known of deployments and releases: in memory what is asked often, all of it in the store. On one event loop. */
final class Ledger {
    private final Bus bus;
    private final Map<String, Deployment> newest = new HashMap<>();
    private final Map<String, Map<Integer, Release>> releases = new HashMap<>();

    Ledger(Bus bus) {
        this.bus = bus;
    }

    /** Reads what an earlier Argus has written. */
    Future<?> load() {
        return bus.request(new StoreCommand.Read(DeployRecords.releases()))
                .onSuccess(rows -> rows.forEach(row -> built(DeployRecords.release(row))))
                .compose(done -> read(DeployRecords.newest()))
                .onSuccess(found -> found.forEach(deployment -> newest.put(deployment.service(), deployment)));
    }

    // deployments

    /** Records one that is new; succeeds when it is durable. */
    Future<Integer> open(Deployment deployment) {
        newest.put(deployment.service(), deployment);
        return write(DeployRecords.put(deployment), DeployRecords.trim(deployment.service()));
    }

    /** Records how one is now; succeeds when that is durable. */
    Future<Integer> put(Deployment deployment) {
        Deployment last = newest.get(deployment.service());
        if (last != null && last.id().equals(deployment.id())) {
            newest.put(deployment.service(), deployment);
        }
        return write(DeployRecords.put(deployment));
    }

    /** The newest of every service. */
    Map<String, Deployment> newest() {
        return Map.copyOf(newest);
    }

    Future<Deployment> find(String id) {
        return read(DeployRecords.find(id))
                .compose(found -> found.isEmpty()
                        ? Future.failedFuture(ArgusException.notFound("There is no deployment " + id + "."))
                        : Future.succeededFuture(found.getFirst()));
    }

    Future<List<Deployment>> list(DeployCommand.ListDeployments command) {
        return read(DeployRecords.list(command.services(), command.limit()));
    }

    /** Those that an earlier Argus left without an end, the oldest first. */
    Future<List<Deployment>> unfinished() {
        return read(DeployRecords.unfinished());
    }

    // releases

    void built(Release release) {
        kept(release.service()).put(release.number(), release);
    }

    void pruned(String service, int number) {
        kept(service).remove(number);
    }

    /** The releases that are kept of a service, newest first. */
    List<Release> releases(String service) {
        return List.copyOf(kept(service).values());
    }

    Map<String, Map<Integer, Release>> allReleases() {
        return releases.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> Map.copyOf(entry.getValue())));
    }

    @Nullable
    Release release(String service, int number) {
        return kept(service).get(number);
    }

    /** That release, or the newest before the live one when none is given. */
    Release earlier(Service service, @Nullable Integer number) {
        String name = service.name().value();
        Integer live = service.liveRelease();
        if (number == null) {
            return kept(name).values().stream()
                    .filter(release -> live != null && release.number() < live)
                    .findFirst()
                    .orElseThrow(() -> ArgusException.conflict(
                            "The service " + name + " has no release before the live one to go back to."));
        }
        Release release = kept(name).get(number);
        if (release == null) {
            throw ArgusException.conflict("The service " + name + " has no release " + number + "; it has "
                    + kept(name).keySet() + ".");
        }
        return release;
    }

    private Map<Integer, Release> kept(String service) {
        return releases.computeIfAbsent(service, made -> new TreeMap<>(Comparator.reverseOrder()));
    }

    /** Forgets all of a service. */
    Future<Integer> forget(String service) {
        return write(DeployRecords.forget(service)).onSuccess(done -> {
            releases.remove(service);
            newest.remove(service);
        });
    }

    private Future<List<Deployment>> read(Statement query) {
        return bus.request(new StoreCommand.Read(query))
                .map(rows -> rows.stream().map(DeployRecords::deployment).toList());
    }

    private Future<Integer> write(Statement... statements) {
        return bus.request(StoreCommand.Write.of(statements));
    }
}
