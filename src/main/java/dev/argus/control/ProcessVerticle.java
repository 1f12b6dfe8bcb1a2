package dev.argus.control;

import dev.argus.bus.ArgusException;
import dev.argus.bus.Bus;
import dev.argus.bus.Done;
import dev.argus.bus.ErrorCode;
import dev.argus.config.ServerConfig;
import dev.argus.process.ControlGroups;
import dev.argus.process.ExitWatcher;
import dev.argus.process.Launcher;
import dev.argus.process.LogWatch;
import dev.argus.process.NoFreePortException;
import dev.argus.process.OutOfMemory;
import dev.argus.process.PortAllocator;
import dev.argus.process.Stopper;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.io.IOException;
import java.time.Clock;

/**
 * Owns the handles of the operating system. What blocks runs on workers of its own pool, for one instance strictly one after the other.
 */
public final class ProcessVerticle extends VerticleBase {
    private static final int WORKERS = 20;
    /** Apart from the others: what a hung process is asked for may hang too. */
    private static final int EXAMINERS = 4;

    private final Bus bus;
    private final Layout layout;
    private final PortAllocator ports;
    private final LogWatch logs;
    private final KnownInstances instances;
    private final Scenes scenes;
    private final OutOfMemory memory = new OutOfMemory();

    @SuppressWarnings("NullAway.Init")
    private OrderedWork work;

    @SuppressWarnings("NullAway.Init")
    private OrderedWork examiners;

    @SuppressWarnings("NullAway.Init")
    private ExitWatcher watcher;

    @SuppressWarnings("NullAway.Init")
    private Launches launches;

    @SuppressWarnings("NullAway.Init")
    private Observations observations;

    /** A verticle for instances whose files lie in {@code layout}. */
    public ProcessVerticle(Bus bus, Layout layout, ServerConfig.PortRange portRange) {
        this.bus = bus;
        this.layout = layout;
        this.ports = new PortAllocator(portRange.first(), portRange.last());
        this.logs = new LogWatch(Clock.systemUTC());
        this.instances = new KnownInstances(layout, logs);
        this.scenes = new Scenes(layout, instances, Scenes.WITHIN);
    }

    @Override
    public Future<?> start() {
        work = new OrderedWork(vertx.createSharedWorkerExecutor("argus-process", WORKERS), context);
        examiners = new OrderedWork(vertx.createSharedWorkerExecutor("argus-evidence", EXAMINERS), context);
        return work.run(ControlGroups::establish).map(groups -> serveWith(new Limits(groups)));
    }

    private Done serveWith(Limits limits) {
        watcher = new ExitWatcher();
        var launcher = new Launcher(watcher);
        var stopper = new Stopper(watcher, launcher);
        var exits = new Exits(bus, vertx, context, work, instances, memory, watcher, stopper);
        launches = new Launches(layout, instances, watcher, launcher, stopper, exits, limits);
        observations = new Observations(instances, limits);
        bus.<ProcessCommand<?>>serve(ProcessCommand.ADDRESS, this::serve);
        logs.start();
        return Done.DONE;
    }

    @Override
    public Future<?> stop() {
        launches.close();
        watcher.close();
        return Future.join(work.close(vertx), examiners.close(vertx))
                .eventually(() -> vertx.executeBlocking(
                        () -> {
                            logs.close();
                            return Done.DONE;
                        },
                        false));
    }

    private Future<?> serve(ProcessCommand<?> command) {
        return switch (command) {
            case ProcessCommand.Launch c -> work.inOrder(c.instance(), () -> launches.launch(c));
            case ProcessCommand.AllowRestart c -> work.inOrder(c.instance(), () -> launches.allowRestart(c));
            case ProcessCommand.ForbidRestart c ->
                work.inOrder(c.instance(), () -> launches.forbidRestart(c.instance()));
            case ProcessCommand.Adopt c ->
                work.inOrder(c.instance(), () -> launches.adopt(c)).onSuccess(lives -> memory.note(c.instance()));
            case ProcessCommand.Stop c -> {
                scenes.stopping(c.instance());
                yield work.patientlyInOrder(c.instance(), () -> launches.stop(c))
                        .onSuccess(done -> memory.forget(c.instance()));
            }
            case ProcessCommand.Discard c ->
                work.inOrder(c.instance(), () -> launches.discard(c)).onSuccess(done -> {
                    observations.forget(c.instance());
                    memory.forget(c.instance());
                });
            case ProcessCommand.ReservePort _ -> work.run(this::reservePort);
            case ProcessCommand.KeepPort c -> done(() -> ports.reserve(c.port()));
            case ProcessCommand.ReleasePort c -> done(() -> ports.release(c.port()));
            case ProcessCommand.OwnedPorts c -> work.run(() -> observations.ownedPorts(c.instance()));
            case ProcessCommand.HolderOf c -> work.run(() -> Observations.holderOf(c.port()));
            case ProcessCommand.LastWords c -> work.run(() -> lastWords(c));
            case ProcessCommand.Examine c -> examiners.run(scenes.examination(c));
            case ProcessCommand.Remains c -> examiners.run(() -> scenes.remains(c));
            case ProcessCommand.StrangerOn c -> work.run(() -> scenes.stranger(c.instance(), c.port()));
            case ProcessCommand.Measure c -> work.run(() -> observations.measure(c.instances()));
        };
    }

    private static Future<Done> done(Runnable quick) {
        quick.run();
        return Future.succeededFuture(Done.DONE);
    }

    private int reservePort() {
        try {
            return ports.allocate();
        } catch (NoFreePortException e) {
            throw new ArgusException(ErrorCode.UNAVAILABLE, String.valueOf(e.getMessage()));
        }
    }

    private String lastWords(ProcessCommand.LastWords command) throws IOException {
        return LastWords.of(layout.log(command.service(), command.instance()).tail(LastWords.LINES))
                .orElse("");
    }
}
