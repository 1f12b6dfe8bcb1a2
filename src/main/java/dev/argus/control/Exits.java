package dev.argus.control;

import dev.argus.bus.Bus;
import dev.argus.bus.Done;
import dev.argus.process.Exit;
import dev.argus.process.ExitListener;
import dev.argus.process.ExitWatcher;
import dev.argus.process.Launched;
import dev.argus.process.Members;
import dev.argus.process.ProcessIdentity;
import dev.argus.process.Stopper;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of the ends of launches, and of the pids that follow them. Thread-safe. */
final class Exits {
    private static final Logger log = LoggerFactory.getLogger(Exits.class);
    private static final Duration LEFTOVERS_TIMEOUT = Duration.ofSeconds(2);

    /** How long the news of a restart wait, so that nobody who hears them takes the processor from the service while it starts. */
    private static final long NEWS_AFTER_MILLIS = 8;

    private final Bus bus;
    private final Vertx vertx;
    private final Context context;
    private final OrderedWork work;
    private final KnownInstances instances;
    private final ExitWatcher watcher;
    private final Stopper stopper;
    /** What was not told yet: what happens next is told after it. */
    private final Map<String, Future<?>> news = new ConcurrentHashMap<>();

    Exits(
            Bus bus,
            Vertx vertx,
            Context context,
            OrderedWork work,
            KnownInstances instances,
            ExitWatcher watcher,
            Stopper stopper) {
        this.bus = bus;
        this.vertx = vertx;
        this.context = context;
        this.work = work;
        this.instances = instances;
        this.watcher = watcher;
        this.stopper = stopper;
    }

    /** Who is to be told of the end of one launch. */
    ExitListener of(String instance, int generation) {
        return new Listener(instance, generation);
    }

    /** Called on the watcher's thread, which must not wait. */
    private final class Listener implements ExitListener {
        private final String instance;
        private final int generation;

        Listener(String instance, int generation) {
            this.instance = instance;
            this.generation = generation;
        }

        @Override
        public void exited(Exit exit) {
            news.getOrDefault(instance, Future.succeededFuture()).onComplete(told -> ended(instance, generation, exit));
        }

        @Override
        public void restarted(Exit exit, Launched again) {
            Future<?> told = vertx.timer(NEWS_AFTER_MILLIS).onComplete(over -> {
                bus.publish(new ProcessEvent.Exited(instance, generation, exit, true));
                tellPid(instance, generation + 1, again, true);
            });
            news.put(instance, told);
            told.onComplete(over -> news.remove(instance, told));
        }
    }

    /** Whether a service may live on although the process that was started has ended so. */
    static boolean mayHaveGoneToTheBackground(Exit exit) {
        return exit instanceof Exit.Status(int code) && code == 0;
    }

    private void ended(String instance, int generation, Exit exit) {
        if (!mayHaveGoneToTheBackground(exit)) {
            tell(instance, generation, exit);
            return;
        }
        work.run(() -> {
                    lookForTheRest(instance, generation, exit);
                    return Done.DONE;
                })
                .onFailure(failure -> {
                    log.error("what {} left behind could not be found", instance, failure);
                    tell(instance, generation, exit);
                });
    }

    private void tell(String instance, int generation, Exit exit) {
        bus.publish(new ProcessEvent.Exited(instance, generation, exit, false));
    }

    /** A start command that ended well and left processes behind has put the service into the background: they are the instance. */
    private void lookForTheRest(String instance, int generation, Exit exit) {
        List<ProcessIdentity> members =
                Members.of(instance, instances.get(instance).shim());
        if (members.isEmpty()) {
            tell(instance, generation, exit);
        } else {
            follow(instance, generation, members);
        }
    }

    /** Tells when the last of these processes, which are not our children, has ended; nobody knows how then. */
    void follow(String instance, int generation, List<ProcessIdentity> members) {
        watcher.watchAll(members, () -> ended(instance, generation, new Exit.Unknown()));
    }

    /**
     * Tells the pid when it is known, some milliseconds later; then ends what an earlier start left behind.
     *
     * @param again whether there was an earlier start
     */
    void tellPid(String instance, int generation, Launched launched, boolean again) {
        // when it fails the service has ended already, and its exit says why
        Future.fromCompletionStage(launched.service(), context).onSuccess(service -> {
            bus.publish(new ProcessEvent.PidKnown(instance, generation, service.pid()));
            if (again) {
                work.inOrder(
                                instance,
                                () -> stopper.stopLeftovers(
                                        instance, Optional.of(launched.shim()), service, LEFTOVERS_TIMEOUT))
                        .onFailure(e -> log.warn("what {} left behind was not ended", instance, e));
            }
        });
    }
}
