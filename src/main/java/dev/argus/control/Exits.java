package dev.argus.control;

import dev.argus.bus.Bus;
import dev.argus.bus.Done;
import dev.argus.process.Exit;
import dev.argus.process.ExitListener;
import dev.argus.process.ExitWatcher;
import dev.argus.process.Launched;
import dev.argus.process.Members;
import dev.argus.process.OutOfMemory;
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
    private final OutOfMemory memory;
    private final ExitWatcher watcher;
    private final Stopper stopper;
    /** What was not told yet: what happens next is told after it. */
    private final Map<String, Future<?>> news = new ConcurrentHashMap<>();
    /** The own processes of instances, until their end is told: a pid must not stand for the next launch. */
    private final Map<String, ProcessIdentity> processes = new ConcurrentHashMap<>();

    Exits(
            Bus bus,
            Vertx vertx,
            Context context,
            OrderedWork work,
            KnownInstances instances,
            OutOfMemory memory,
            ExitWatcher watcher,
            Stopper stopper) {
        this.bus = bus;
        this.vertx = vertx;
        this.context = context;
        this.work = work;
        this.instances = instances;
        this.memory = memory;
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
            var ending = ending(instance, generation, exit);
            news.getOrDefault(instance, Future.succeededFuture()).onComplete(told -> ended(ending));
        }

        @Override
        public void restarted(Exit exit, Launched again) {
            var ending = ending(instance, generation, exit);
            Future<?> told = vertx.timer(NEWS_AFTER_MILLIS)
                    .compose(over -> explained(ending))
                    .onComplete(explained -> {
                        Exit known = explained.succeeded() ? explained.result() : exit;
                        bus.publish(new ProcessEvent.Exited(instance, generation, known, true, ending.logEnd()));
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

    /**
     * The end of a launch, as it was seen when it happened.
     *
     * @param process whose exit it is, where that is known
     */
    private record Ending(String instance, int generation, Exit exit, long logEnd, Optional<ProcessIdentity> process) {}

    private Ending ending(String instance, int generation, Exit exit) {
        return new Ending(
                instance,
                generation,
                exit,
                instances.logLength(instance),
                Optional.ofNullable(processes.remove(instance)));
    }

    private void ended(Ending ending) {
        if (!mayHaveGoneToTheBackground(ending.exit())) {
            explained(ending).onComplete(explained -> tell(ending, explained.result()));
            return;
        }
        work.run(() -> {
                    lookForTheRest(ending);
                    return Done.DONE;
                })
                .onFailure(failure -> {
                    log.error("what {} left behind could not be found", ending.instance(), failure);
                    tell(ending, ending.exit());
                });
    }

    /** A kill by the kernel is told from others; anything else is known already. Never fails. */
    private Future<Exit> explained(Ending ending) {
        if (!(ending.exit() instanceof Exit.Killed)) {
            return Future.succeededFuture(ending.exit());
        }
        return work.run(() -> memory.explain(ending.exit(), ending.instance(), ending.process()))
                .recover(failure -> {
                    log.warn("whether the kernel killed {} is not known", ending.instance(), failure);
                    return Future.succeededFuture(ending.exit());
                });
    }

    private void tell(Ending ending, Exit exit) {
        bus.publish(new ProcessEvent.Exited(ending.instance(), ending.generation(), exit, false, ending.logEnd()));
    }

    /** A start command that ended well and left processes behind has put the service into the background: they are the instance. */
    private void lookForTheRest(Ending ending) {
        List<ProcessIdentity> members =
                Members.of(ending.instance(), instances.get(ending.instance()).shim());
        if (members.isEmpty()) {
            tell(ending, ending.exit());
        } else {
            follow(ending.instance(), ending.generation(), members);
        }
    }

    /** Tells when the last of these processes, which are not our children, has ended; nobody knows how then. */
    void follow(String instance, int generation, List<ProcessIdentity> members) {
        watcher.watchAll(members, () -> ended(ending(instance, generation, new Exit.Unknown())));
    }

    /** Remembers whose exit will be told, where no launch has told it. */
    void know(String instance, ProcessIdentity process) {
        processes.put(instance, process);
    }

    void forget(String instance) {
        processes.remove(instance);
    }

    /**
     * Tells the pid when it is known, some milliseconds later; then ends what an earlier start left behind.
     *
     * @param again whether there was an earlier start
     */
    void tellPid(String instance, int generation, Launched launched, boolean again) {
        // when it fails the service has ended already, and its exit says why
        Future.fromCompletionStage(launched.service(), context).onSuccess(service -> {
            processes.put(instance, service);
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
