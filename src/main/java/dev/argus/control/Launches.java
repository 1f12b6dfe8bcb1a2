package dev.argus.control;

import dev.argus.bus.ArgusException;
import dev.argus.bus.Done;
import dev.argus.bus.ErrorCode;
import dev.argus.process.Adopted;
import dev.argus.process.Environment;
import dev.argus.process.Exit;
import dev.argus.process.ExitWatcher;
import dev.argus.process.LaunchException;
import dev.argus.process.LaunchSpec;
import dev.argus.process.Launched;
import dev.argus.process.Launcher;
import dev.argus.process.Members;
import dev.argus.process.PortAllocator;
import dev.argus.process.PreparedLaunch;
import dev.argus.process.ProcessIdentity;
import dev.argus.process.StopCommand;
import dev.argus.process.StopOutcome;
import dev.argus.process.Stopper;
import dev.argus.service.CommandLine;
import dev.argus.service.RunPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Launches, adopts and stops. Blocks; for one instance to be called by one thread after the other. */
final class Launches implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Launches.class);
    private static final Duration LEFTOVERS_TIMEOUT = Duration.ofSeconds(2);

    private final Layout layout;
    private final KnownInstances instances;
    private final ExitWatcher watcher;
    private final Launcher launcher;
    private final Stopper stopper;
    private final Exits exits;
    private final Limits limits;
    private final Map<String, PreparedLaunch> prepared = new ConcurrentHashMap<>();
    private final QuickRestarts quick = QuickRestarts.ofThisHost();

    Launches(
            Layout layout,
            KnownInstances instances,
            ExitWatcher watcher,
            Launcher launcher,
            Stopper stopper,
            Exits exits,
            Limits limits) {
        this.layout = layout;
        this.instances = instances;
        this.watcher = watcher;
        this.launcher = launcher;
        this.stopper = stopper;
        this.exits = exits;
        this.limits = limits;
    }

    Done launch(ProcessCommand.Launch command) {
        String instance = command.instance();
        instances.add(instance, command.service());
        try {
            LaunchSpec spec = spec(command);
            Optional<ProcessIdentity> before = spec.run().shim();
            if (before.isPresent() && !PortAllocator.isFree(command.port())) {
                // children of the last start hold its port
                stopper.stop(instance, before, LEFTOVERS_TIMEOUT, Optional.empty());
            }
            Launched launched = prepare(spec, command.service()).launch(exits.of(instance, command.generation()));
            exits.tellPid(instance, command.generation(), launched, before.isPresent());
            return Done.DONE;
        } catch (LaunchException | IllegalArgumentException | IOException e) {
            throw new ArgusException(ErrorCode.UNAVAILABLE, String.valueOf(e.getMessage()));
        }
    }

    private LaunchSpec spec(ProcessCommand.Launch command) {
        RunPlan plan = command.plan();
        CommandLine chosen =
                command.attempt() == 0 ? plan.start() : plan.alternativeStarts().get(command.attempt() - 1);
        CommandLine start = chosen.withPort(command.port());
        Map<String, String> own = new HashMap<>(plan.env());
        own.putAll(start.environment());
        own.putAll(command.environment());
        return new LaunchSpec(
                layout.run(command.service(), command.instance()),
                start.argv(),
                environment(command.service(), command.release(), command.instance(), command.port(), own),
                start.directoryIn(layout.release(command.service(), command.release())),
                layout.log(command.service(), command.instance()).path(),
                limits.prepare(command.instance(), plan.resources()));
    }

    private static Map<String, String> environment(
            String service, int release, String instance, int port, Map<String, String> own) {
        return Environment.of(System.getenv(), service, Integer.toString(release), instance, OptionalInt.of(port), own);
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

    private void forget(String instance) {
        PreparedLaunch known = prepared.remove(instance);
        if (known != null) {
            known.close();
        }
    }

    Done allowRestart(ProcessCommand.AllowRestart command) {
        PreparedLaunch known = prepared.get(command.instance());
        if (known != null) {
            int port = Integer.parseInt(known.spec().environment().getOrDefault("PORT", "0"));
            known.allowRestart(
                    exit -> !Exits.mayHaveGoneToTheBackground(exit)
                            && PortAllocator.isFree(port)
                            && quick.take(System.nanoTime()),
                    exits.of(command.instance(), command.generation() + 1));
        }
        return Done.DONE;
    }

    Done forbidRestart(String instance) {
        PreparedLaunch known = prepared.get(instance);
        if (known != null) {
            known.forbidRestart();
        }
        return Done.DONE;
    }

    ProcessCommand.Adopted adopt(ProcessCommand.Adopt command) {
        String instance = command.instance();
        instances.add(instance, command.service());
        var run = instances.get(instance);
        return switch (run.adopt()) {
            case Adopted.Running running -> {
                running.service().ifPresent(service -> exits.know(instance, service));
                watcher.watch(running, exits.of(instance, command.generation()));
                adoptLimits(command, Stream.concat(running.shim().stream(), members(command).stream()));
                yield new ProcessCommand.Adopted(
                        running.service().map(ProcessIdentity::pid).orElse(null));
            }
            case Adopted.Exited(Exit exit) ->
                adoptTheRest(
                        command,
                        Exits.mayHaveGoneToTheBackground(exit),
                        "ended while Argus was away: " + exit.describe());
            case Adopted.Gone _ -> adoptTheRest(command, false, "was gone when Argus came back");
        };
    }

    /** The processes that outlived the one that was started. */
    private ProcessCommand.Adopted adoptTheRest(ProcessCommand.Adopt command, boolean mayBeTheService, String end) {
        List<ProcessIdentity> members = mayBeTheService || !command.toRun() ? members(command) : List.of();
        if (members.isEmpty()) {
            throw ArgusException.conflict(end);
        }
        exits.follow(command.instance(), command.generation(), members);
        adoptLimits(command, members.stream());
        return new ProcessCommand.Adopted(members.getFirst().pid());
    }

    private List<ProcessIdentity> members(ProcessCommand.Adopt command) {
        return Members.of(command.instance(), instances.get(command.instance()).shim());
    }

    private void adoptLimits(ProcessCommand.Adopt command, Stream<ProcessIdentity> processes) {
        limits.adopt(command.instance(), command.resources(), processes.toList());
    }

    Done stop(ProcessCommand.Stop command) {
        String instance = command.instance();
        instances.add(instance, command.service());
        forbidRestart(instance);
        StopOutcome outcome = stopper.stop(
                instance, instances.get(instance).shim(), command.plan().stopTimeout(), stopCommand(command));
        forget(instance);
        outcome.commandProblem().ifPresent(problem -> log.warn("{}: {}", instance, problem));
        if (!outcome.survivors().isEmpty()) {
            throw new ArgusException(ErrorCode.UNAVAILABLE, outcome.stuck(instance));
        }
        limits.ended(instance);
        log.info(
                "{} stopped in {} ms{}",
                instance,
                outcome.duration().toMillis(),
                outcome.graceful() ? "" : ", " + outcome.killed() + " processes by SIGKILL");
        return Done.DONE;
    }

    private Optional<StopCommand> stopCommand(ProcessCommand.Stop command) {
        return Optional.ofNullable(command.plan().stop())
                .map(own -> own.withPort(command.port()))
                .map(stop -> new StopCommand(
                        stop.argv(),
                        environment(
                                command.service(),
                                command.release(),
                                command.instance(),
                                command.port(),
                                command.plan().env()),
                        stop.directoryIn(layout.release(command.service(), command.release())),
                        layout.log(command.service(), command.instance()).path()));
    }

    Done discard(ProcessCommand.Discard command) throws IOException {
        forget(command.instance());
        layout.run(command.service(), command.instance()).delete();
        limits.forget(command.instance());
        instances.remove(command.instance());
        exits.forget(command.instance());
        return Done.DONE;
    }

    /** Lets all shims go; services run on. */
    @Override
    public void close() {
        prepared.keySet().forEach(this::forget);
    }
}
