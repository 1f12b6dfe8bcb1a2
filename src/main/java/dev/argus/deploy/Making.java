package dev.argus.deploy;

import dev.argus.config.ServerConfig;
import dev.argus.service.CatalogCommand;
import dev.argus.service.Service;
import dev.argus.service.ServiceName;
import java.time.Clock;
import java.util.concurrent.Semaphore;

/** Makes a release: CHECKOUT and BUILD. A failure leaves nothing of it. */
final class Making {
    private final Asking asking;
    private final Clock clock;
    private final ServerConfig.DeployConfig config;
    private final Workshop workshop;
    private final Semaphore buildPlaces;
    private final CancelToken cancel;
    private final Waits waits;
    private final Journal journal;
    private final ServiceName name;

    Making(
            Asking asking,
            Clock clock,
            ServerConfig.DeployConfig config,
            Workshop workshop,
            Semaphore buildPlaces,
            CancelToken cancel,
            Waits waits,
            Journal journal,
            ServiceName name) {
        this.asking = asking;
        this.clock = clock;
        this.config = config;
        this.workshop = workshop;
        this.buildPlaces = buildPlaces;
        this.cancel = cancel;
        this.waits = waits;
        this.journal = journal;
        this.name = name;
    }

    Release make() {
        int number = asking.ask(new CatalogCommand.NextRelease(name));
        journal.change(deployment -> deployment.withRelease(number));
        try {
            Workshop.Source source = journal.step(StepName.CHECKOUT, () -> checkout(number), Workshop.Source::words);
            return journal.step(StepName.BUILD, () -> build(number, source), release -> "release " + release.number());
        } catch (RuntimeException e) {
            workshop.discard(name, number, journal.deployment().id());
            journal.change(deployment -> deployment.withRelease(null));
            throw e;
        }
    }

    private Workshop.Source checkout(int number) {
        Service service = asking.ask(new CatalogCommand.Find(name));
        var credentials = asking.ask(new CatalogCommand.RevealCredentials(name));
        Workshop.Source source = workshop.checkout(service, credentials, number, cancel, journal::output);
        journal.change(deployment -> deployment.withRevision(source.revision()));
        return source;
    }

    private Release build(int number, Workshop.Source source) {
        Service service = asking.ask(new CatalogCommand.Find(name));
        var environment = asking.ask(new CatalogCommand.RevealEnvironment(name));
        waits.acquire(buildPlaces, config.buildTimeout(), "another build on this node");
        try {
            workshop.build(service, environment, number, source.plan(), cancel, journal::output);
        } finally {
            buildPlaces.release();
        }
        var release = new Release(
                name.value(),
                number,
                source.revision(),
                source.subject(),
                journal.deployment().by(),
                clock.instant(),
                source.plan());
        asking.write(DeployRecords.put(release));
        journal.progress().built(release);
        return release;
    }
}
