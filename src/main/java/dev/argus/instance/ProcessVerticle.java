package dev.argus.instance;

import dev.argus.bus.ArgusException;
import dev.argus.bus.Bus;
import dev.argus.bus.Done;
import dev.argus.bus.ErrorCode;
import dev.argus.config.ServerConfig;
import dev.argus.process.Adopted;
import dev.argus.process.Environment;
import dev.argus.process.Exit;
import dev.argus.process.ExitListener;
import dev.argus.process.ExitWatcher;
import dev.argus.process.LaunchException;
import dev.argus.process.LaunchSpec;
import dev.argus.process.Launched;
import dev.argus.process.Launcher;
import dev.argus.process.ListeningPorts;
import dev.argus.process.Members;
import dev.argus.process.NoFreePortException;
import dev.argus.process.PortAllocator;
import dev.argus.process.PreparedLaunch;
import dev.argus.process.ProcessIdentity;
import dev.argus.process.StopCommand;
import dev.argus.process.StopOutcome;
import dev.argus.process.Stopper;
import dev.argus.process.UsageMeter;
import dev.argus.service.CommandLine;
import dev.argus.service.RunPlan;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the handles of the operating system: launches, watches exits, stops, measures. What blocks runs on workers of its own pool,
 * for one instance strictly one after the other.
 */
public final class ProcessVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(ProcessVerticle.class);
    private static final int WORKERS = 20;
    private static final Duration LEFTOVERS_TIMEOUT = Duration.ofSeconds(2);
    private static final long ROTATE_EVERY_MILLIS = 2_000;

    /** How long the news of a restart wait, so that nobody who hears them takes the processor from the service while it starts. */
    private static final long NEWS_AFTER_MILLIS = 8;

    private final Bus bus;
    private final Layout layout;
    private final ServerConfig.PortRange portRange;
    private final Map<String, Future<?>> lastTask = new HashMap<>();
    private final Map<String, String> services = new ConcurrentHashMap<>();
    private final Map<String, UsageMeter> meters = new ConcurrentHashMap<>();
    /** What was not told yet: what happens next is told after it. */
    private final Map<String, Future<?>> news = new ConcurrentHashMap<>();

    private final Map<String, PreparedLaunch> prepared = new ConcurrentHashMap<>();

    @SuppressWarnings("NullAway.Init")
    private WorkerExecutor workers;

    @SuppressWarnings("NullAway.Init")
    private PortAllocator ports;

    @SuppressWarnings("NullAway.Init")
    private ExitWatcher watcher;

    @SuppressWarnings("NullAway.Init")
    private Launcher launcher;

    @SuppressWarnings("NullAway.Init")
    private Stopper stopper;

    /** A verticle for instances whose files lie in {@code layout}. */
    public ProcessVerticle(Bus bus, Layout layout, ServerConfig.PortRange portRange) {
        this.bus = bus;
        this.layout = layout;
        this.portRange = portRange;
    }

    @Override
    public Future<?> start() {
        workers = vertx.createSharedWorkerExecutor("argus-process", WORKERS);
        ports = new PortAllocator(portRange.first(), portRange.last());
        watcher = new ExitWatcher();
        launcher = new Launcher(watcher);
        stopper = new Stopper(watcher, launcher);
        bus.<ProcessCommand<?>>serve(ProcessCommand.ADDRESS, this::serve);
        vertx.setPeriodic(
                ROTATE_EVERY_MILLIS,
                timer -> run(this::rotateLogs)
                        .onFailure(failure -> log.warn("logs were not rotated: {}", failure.getMessage())));
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        prepared.keySet().forEach(this::forget);
        watcher.close();
        return workers.close();
    }

    private Future<?> serve(ProcessCommand<?> command) {
        return switch (command) {
            case ProcessCommand.Launch c -> inOrder(c.instance(), () -> launch(c));
            case ProcessCommand.AllowRestart c -> inOrder(c.instance(), () -> allowRestart(c));
            case ProcessCommand.ForbidRestart c -> inOrder(c.instance(), () -> forbidRestart(c.instance()));
            case ProcessCommand.Adopt c -> inOrder(c.instance(), () -> adopt(c));
            case ProcessCommand.Stop c -> inOrder(c.instance(), () -> stop(c));
            case ProcessCommand.Discard c -> inOrder(c.instance(), () -> discard(c));
            case ProcessCommand.ReservePort _ -> run(this::reservePort);
            case ProcessCommand.KeepPort c -> done(() -> ports.reserve(c.port()));
            case ProcessCommand.ReleasePort c -> done(() -> ports.release(c.port()));
            case ProcessCommand.OwnedPorts c -> run(() -> ownedPorts(c.instance()));
            case ProcessCommand.HolderOf c ->
                run(() -> ListeningPorts.holderOf(c.port())
                        .map(holder -> "pid " + holder.pid() + " (" + holder.command() + ")")
                        .orElse(""));
            case ProcessCommand.LastWords c ->
                run(() -> LastWords.of(layout.log(c.service(), c.instance()).tail(LastWords.LINES))
                        .orElse(""));
            case ProcessCommand.Measure c -> run(() -> measure(c.instances()));
        };
    }

    private static Future<Done> done(Runnable quick) {
        quick.run();
        return Future.succeededFuture(Done.DONE);
    }

    private <T> Future<T> run(Callable<T> blocking) {
        return workers.executeBlocking(blocking, false).map(Objects::requireNonNull);
    }

    /** Does what is asked of one instance in the order it is asked. */
    private <T> Future<T> inOrder(String instance, Callable<T> blocking) {
        Future<?> before = lastTask.getOrDefault(instance, Future.succeededFuture());
        Future<T> task = before.transform(ended -> run(blocking));
        lastTask.put(instance, task);
        task.onComplete(ended -> lastTask.remove(instance, task));
        return task;
    }

    private int reservePort() {
        try {
            return ports.allocate();
        } catch (NoFreePortException e) {
            throw new ArgusException(ErrorCode.UNAVAILABLE, String.valueOf(e.getMessage()));
        }
    }

    // launching

    private Done launch(ProcessCommand.Launch command) {
        String instance = command.instance();
        services.put(instance, command.service());
        try {
            LaunchSpec spec = spec(command);
            Optional<ProcessIdentity> before = spec.run().shim();
            if (before.isPresent() && !PortAllocator.isFree(command.port())) {
                // children of the last start hold its port
                stopper.stop(instance, before, LEFTOVERS_TIMEOUT, Optional.empty());
            }
            var listener = new Listener(instance, command.generation());
            Launched launched = prepare(spec, command.service()).launch(listener);
            tellPid(instance, command.generation(), launched, before.isPresent());
            return Done.DONE;
        } catch (LaunchException | IllegalArgumentException | IOException e) {
            throw new ArgusException(ErrorCode.UNAVAILABLE, String.valueOf(e.getMessage()));
        }
    }

    private LaunchSpec spec(ProcessCommand.Launch command) {
        CommandLine start = wayToStart(command).withPort(command.port());
        return new LaunchSpec(
                layout.run(command.service(), command.instance()),
                start.argv(),
                environment(command, start),
                start.directoryIn(layout.release(command.service(), command.release())),
                layout.log(command.service(), command.instance()).path());
    }

    /** The same shim starts an instance again and again, which saves the start of a shell, unless something has changed. */
    private PreparedLaunch prepare(LaunchSpec spec, String service) throws IOException {
        String instance = spec.run().instance();
        PreparedLaunch known = prepared.get(instance);
        if (known != null && known.spec().equals(spec)) {
            return known;
        }
        forget(instance);
        Files.createDirectories(layout.logs(service));
        PreparedLaunch fresh = launcher.prepare(spec);
        prepared.put(instance, fresh);
        return fresh;
    }

    private Done allowRestart(ProcessCommand.AllowRestart command) {
        PreparedLaunch known = prepared.get(command.instance());
        if (known != null) {
            int port = Integer.parseInt(known.spec().environment().getOrDefault("PORT", "0"));
            known.allowRestart(
                    exit -> !mayHaveGoneToTheBackground(exit) && PortAllocator.isFree(port),
                    new Listener(command.instance(), command.generation() + 1));
        }
        return Done.DONE;
    }

    private Done forbidRestart(String instance) {
        PreparedLaunch known = prepared.get(instance);
        if (known != null) {
            known.forbidRestart();
        }
        return Done.DONE;
    }

    private void forget(String instance) {
        PreparedLaunch known = prepared.remove(instance);
        if (known != null) {
            known.close();
        }
    }

    /** The pid is known some milliseconds later, for which nobody waits; then what an earlier start left behind is ended. */
    private void tellPid(String instance, int generation, Launched launched, boolean again) {
        // when it fails the service has ended already, and its exit says why
        Future.fromCompletionStage(launched.service(), context).onSuccess(service -> {
            bus.publish(new InstanceEvent.PidKnown(instance, generation, service.pid()));
            if (again) {
                inOrder(
                                instance,
                                () -> stopper.stopLeftovers(
                                        instance, Optional.of(launched.shim()), service, LEFTOVERS_TIMEOUT))
                        .onFailure(e -> log.warn("what {} left behind was not ended", instance, e));
            }
        });
    }

    private static CommandLine wayToStart(ProcessCommand.Launch command) {
        RunPlan plan = command.plan();
        return command.attempt() == 0 ? plan.start() : plan.alternativeStarts().get(command.attempt() - 1);
    }

    private static Map<String, String> environment(ProcessCommand.Launch command, CommandLine start) {
        Map<String, String> own = new HashMap<>(command.plan().env());
        own.putAll(start.environment());
        own.putAll(command.environment());
        return Environment.of(
                System.getenv(),
                command.service(),
                Integer.toString(command.release()),
                command.instance(),
                OptionalInt.of(command.port()),
                own);
    }

    private ProcessCommand.Adopted adopt(ProcessCommand.Adopt command) {
        var run = layout.run(command.service(), command.instance());
        services.put(command.instance(), command.service());
        return switch (run.adopt()) {
            case Adopted.Running running -> {
                watcher.watch(running, exit -> ended(command.instance(), command.generation(), exit));
                yield new ProcessCommand.Adopted(
                        running.service().map(ProcessIdentity::pid).orElse(null));
            }
            case Adopted.Exited exited -> {
                List<ProcessIdentity> members = Members.of(command.instance(), run.shim());
                if (members.isEmpty()) {
                    throw ArgusException.conflict(
                            "ended while Argus was away: " + exited.exit().describe());
                }
                follow(command.instance(), command.generation(), exited.exit(), members);
                yield new ProcessCommand.Adopted(members.getFirst().pid());
            }
            case Adopted.Gone _ -> throw ArgusException.conflict("was gone when Argus came back");
        };
    }

    // exits; called on the watcher's thread, which must not wait

    /** Tells the exit of one launch. */
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
                bus.publish(new InstanceEvent.Exited(instance, generation, exit, true));
                tellPid(instance, generation + 1, again, true);
            });
            news.put(instance, told);
            told.onComplete(over -> news.remove(instance, told));
        }
    }

    private static boolean mayHaveGoneToTheBackground(Exit exit) {
        return exit instanceof Exit.Status(int code) && code == 0;
    }

    private void ended(String instance, int generation, Exit exit) {
        if (!mayHaveGoneToTheBackground(exit)) {
            bus.publish(new InstanceEvent.Exited(instance, generation, exit, false));
            return;
        }
        run(() -> {
                    lookForTheRest(instance, generation, exit);
                    return Done.DONE;
                })
                .onFailure(failure -> {
                    log.error("what {} left behind could not be found", instance, failure);
                    bus.publish(new InstanceEvent.Exited(instance, generation, exit, false));
                });
    }

    /** A start command that ended well and left processes behind has put the service into the background: they are the instance. */
    private void lookForTheRest(String instance, int generation, Exit exit) {
        var run = layout.run(serviceOf(instance), instance);
        List<ProcessIdentity> members = Members.of(instance, run.shim());
        if (members.isEmpty()) {
            bus.publish(new InstanceEvent.Exited(instance, generation, exit, false));
        } else {
            follow(instance, generation, new Exit.Unknown(), members);
        }
    }

    private void follow(String instance, int generation, Exit exit, List<ProcessIdentity> members) {
        watcher.watchAll(
                members, () -> ended(instance, generation, exit instanceof Exit.Unknown ? exit : new Exit.Unknown()));
    }

    private String serviceOf(String instance) {
        String service = services.get(instance);
        if (service == null) {
            throw new IllegalStateException("nothing was ever asked of the instance " + instance);
        }
        return service;
    }

    // stopping

    private Done stop(ProcessCommand.Stop command) {
        var run = layout.run(command.service(), command.instance());
        services.put(command.instance(), command.service());
        forbidRestart(command.instance());
        StopOutcome outcome =
                stopper.stop(command.instance(), run.shim(), command.plan().stopTimeout(), stopCommand(command));
        forget(command.instance());
        outcome.commandProblem().ifPresent(problem -> log.warn("{}: {}", command.instance(), problem));
        if (!outcome.survivors().isEmpty()) {
            throw new ArgusException(
                    ErrorCode.UNAVAILABLE,
                    "Of " + command.instance() + " " + outcome.survivors().size()
                            + " processes do not end even by SIGKILL (first pid "
                            + outcome.survivors().getFirst().pid() + "); look at what they wait for.");
        }
        log.info(
                "{} stopped in {} ms{}",
                command.instance(),
                outcome.duration().toMillis(),
                outcome.graceful() ? "" : ", " + outcome.killed() + " processes by SIGKILL");
        return Done.DONE;
    }

    private Optional<StopCommand> stopCommand(ProcessCommand.Stop command) {
        CommandLine own = command.plan().stop();
        if (own == null) {
            return Optional.empty();
        }
        CommandLine stop = own.withPort(command.port());
        return Optional.of(new StopCommand(
                stop.argv(),
                Environment.of(
                        System.getenv(),
                        command.service(),
                        Integer.toString(command.release()),
                        command.instance(),
                        OptionalInt.of(command.port()),
                        command.plan().env()),
                stop.directoryIn(layout.release(command.service(), command.release())),
                layout.log(command.service(), command.instance()).path()));
    }

    private Done discard(ProcessCommand.Discard command) throws IOException {
        forget(command.instance());
        layout.run(command.service(), command.instance()).delete();
        services.remove(command.instance());
        meters.remove(command.instance());
        return Done.DONE;
    }

    // looking

    private List<Integer> ownedPorts(String instance) {
        var run = layout.run(serviceOf(instance), instance);
        return new ArrayList<>(ListeningPorts.of(Members.of(instance, run.shim())));
    }

    private List<InstanceCommand.InstanceUsage> measure(List<String> instances) {
        Function<String, List<ProcessIdentity>> membersOf = membersOfAll();
        List<InstanceCommand.InstanceUsage> usages = new ArrayList<>();
        for (String instance : instances) {
            var usage = meters.computeIfAbsent(instance, made -> new UsageMeter());
            synchronized (usage) {
                var measured = usage.measure(membersOf.apply(instance));
                usages.add(new InstanceCommand.InstanceUsage(instance, measured.cpuPercent(), measured.rssBytes()));
            }
        }
        return usages;
    }

    private Function<String, List<ProcessIdentity>> membersOfAll() {
        var table = dev.argus.process.ProcessTable.read();
        return instance -> {
            String service = services.get(instance);
            return service == null
                    ? List.of()
                    : table.members(instance, layout.run(service, instance).shim());
        };
    }

    private Done rotateLogs() {
        services.forEach((instance, service) -> {
            try {
                if (layout.log(service, instance).rotate()) {
                    log.debug("the log of {} was rotated", instance);
                }
            } catch (IOException e) {
                log.warn("the log of {} was not rotated: {}", instance, e.getMessage());
            }
        });
        return Done.DONE;
    }
}
