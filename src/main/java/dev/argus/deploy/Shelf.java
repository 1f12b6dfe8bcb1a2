package dev.argus.deploy;

import dev.argus.service.ServiceName;
import dev.argus.store.StoreCommand;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The releases of one service that are kept, as its deployment sees them. */
final class Shelf {
    private final Asking asking;
    private final Workshop workshop;
    private final Journal journal;
    private final ServiceName name;

    Shelf(Asking asking, Workshop workshop, Journal journal, ServiceName name) {
        this.asking = asking;
        this.workshop = workshop;
        this.journal = journal;
        this.name = name;
    }

    /** All that are kept, newest first. */
    List<Release> releases() {
        return asking.patiently(new DeployCommand.ListReleases(name));
    }

    /** Removes a release, record and files. */
    void forget(int number) {
        asking.patiently(StoreCommand.Write.of(DeployRecords.deleteRelease(name.value(), number)));
        workshop.discard(name, number);
        journal.progress().pruned(name.value(), number);
    }

    /** Removes those that need not be kept; gives what was removed, in words. */
    @Nullable
    String prune() {
        List<Integer> gone = asking.patiently(new DeployCommand.Prunable(name));
        gone.forEach(this::forget);
        return gone.isEmpty() ? null : "releases " + gone;
    }
}
