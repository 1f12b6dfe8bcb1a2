package dev.argus.deploy;

import dev.argus.bus.ArgusException;
import dev.argus.bus.Bus;
import dev.argus.bus.ErrorCode;
import dev.argus.deploy.git.RemoteRefs;
import dev.argus.service.CatalogCommand;
import dev.argus.service.Credentials;
import dev.argus.service.RepositoryUrl;
import dev.argus.service.Service;
import dev.argus.service.ServiceName;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at remotes for people who are about to deploy, a few at once, each on a virtual thread with a deadline. On one event loop. */
final class RemoteLooks {
    private static final Logger log = LoggerFactory.getLogger(RemoteLooks.class);
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final int AT_ONCE = 4;

    private final Context context;
    private final Bus bus;
    private final Workshop workshop;
    private int underWay;

    RemoteLooks(Context context, Bus bus, Workshop workshop) {
        this.context = context;
        this.bus = bus;
        this.workshop = workshop;
    }

    Future<RemoteRefs> list(DeployCommand.ListRefs command) {
        if (underWay >= AT_ONCE) {
            throw new ArgusException(
                    ErrorCode.BUSY,
                    "Argus asks " + AT_ONCE + " repositories for their branches already; try again in a moment.");
        }
        underWay++;
        return credentials(command.repository(), command.service())
                .compose(credentials -> look(new RepositoryUrl(
                        command.repository().scheme(), command.repository().address(), credentials.orElse(null))))
                .onComplete(done -> underWay--);
    }

    /** Those of a service go to its own repository alone. */
    private Future<Optional<Credentials>> credentials(RepositoryUrl url, @Nullable ServiceName service) {
        if (url.credentials() != null || service == null) {
            return Future.succeededFuture(Optional.ofNullable(url.credentials()));
        }
        return bus.request(new CatalogCommand.Find(service))
                .map(Service::repository)
                // one that is to be deployed for the first time has none
                .otherwise("")
                .compose(repository -> repository.equals(url.address())
                        ? bus.request(new CatalogCommand.RevealCredentials(service))
                        : Future.succeededFuture(Optional.empty()));
    }

    private Future<RemoteRefs> look(RepositoryUrl url) {
        Promise<RemoteRefs> promise = Promise.promise();
        Thread.ofVirtual().name("refs").start(() -> {
            try {
                RemoteRefs found = workshop.refs(url, DEADLINE);
                context.runOnContext(now -> promise.complete(found));
            } catch (RuntimeException e) {
                if (!(e instanceof ArgusException)) {
                    log.error("the branches of {} could not be asked for", url, e);
                }
                context.runOnContext(now -> promise.fail(e));
            }
        });
        return promise.future();
    }
}
