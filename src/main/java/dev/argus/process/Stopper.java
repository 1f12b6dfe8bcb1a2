package dev.argus.process;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops everything that belongs to an instance: its own stop command where it has one, SIGTERM and SIGCONT, patience, SIGKILL until nothing is
 * left. Blocks, so it is for workers and virtual threads; an interrupt ends the patience and goes straight to SIGKILL. Thread-safe.
 */
public final class Stopper {
    private static final Logger log = LoggerFactory.getLogger(Stopper.class);

    private static final Duration KILL_WITHIN = Duration.ofSeconds(5);
    /** How long to wait before looking for processes that were born meanwhile. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    private final ExitWatcher watcher;
    private final Launcher launcher;

    public Stopper(ExitWatcher watcher, Launcher launcher) {
        this.watcher = watcher;
        this.launcher = launcher;
    }

    /**
     * Stops an instance. Takes at most {@code timeout} and 5 s.
     *
     * @param instance the value of {@code ARGUS_INSTANCE}
     * @param leader the shim of the last launch, alive or not ({@link RunDirectory#shim})
     * @param timeout how long it may take to end by itself; the stop command and its effect have half of it
     */
    public StopOutcome stop(
            String instance, Optional<ProcessIdentity> leader, Duration timeout, Optional<StopCommand> command) {
        return stop(new InstanceMembers(instance, leader, leader, true, _ -> true), timeout, command);
    }

    /**
     * Stops what an earlier launch of a restarted instance left behind: every member that was started before the service that runs now. Neither
     * that nor its shim is touched. Takes at most {@code timeout} and 5 s.
     *
     * @param leader the shim of the present launch
     * @param service the service's own process of the present launch
     */
    public StopOutcome stopLeftovers(
            String instance, Optional<ProcessIdentity> leader, ProcessIdentity service, Duration timeout) {
        Predicate<ProcessIdentity> earlier = process -> process.startTicks() < service.startTicks();
        return stop(new InstanceMembers(instance, leader, Optional.empty(), false, earlier), timeout, Optional.empty());
    }

    private StopOutcome stop(InstanceMembers members, Duration timeout, Optional<StopCommand> command) {
        long start = System.nanoTime();
        long end = start + timeout.toNanos();
        boolean interrupted = false;
        Optional<String> problem = Optional.empty();
        try {
            // where nothing is left it would only fail, or stop what is not meant
            if (command.isPresent() && !members.now().isEmpty()) {
                problem = runCommand(
                        command.get().withCookie(members.instance()), members, start + timeout.toNanos() / 2);
            }
            terminate(members, end);
        } catch (InterruptedException _) {
            // whoever hurries us wants it gone, not left half stopped
            interrupted = true;
        }
        int killed = kill(members);
        List<ProcessIdentity> survivors = members.withShim();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return new StopOutcome(killed, survivors, Duration.ofNanos(System.nanoTime() - start), problem);
    }

    /**
     * Who belongs to the instance: a new look each time. The shim apart: it is to record how the service ended, so it goes last; by SIGTERM, which
     * it heeds as soon as it has done so.
     */
    private record InstanceMembers(
            String instance,
            Optional<ProcessIdentity> leader,
            Optional<ProcessIdentity> shimToStop,
            boolean everything,
            Predicate<ProcessIdentity> which) {
        List<ProcessIdentity> now() {
            return Members.of(instance, leader).stream().filter(which).toList();
        }

        Optional<ProcessIdentity> shim() {
            return shimToStop.filter(ProcessIdentity::isAlive);
        }

        List<ProcessIdentity> withShim() {
            return Stream.concat(now().stream(), shim().stream()).toList();
        }
    }

    private Optional<String> runCommand(StopCommand stop, InstanceMembers members, long end)
            throws InterruptedException {
        String program = stop.command().getFirst();
        try {
            var exit = new CompletableFuture<Exit>();
            launcher.run(stop.command(), stop.environment(), stop.directory(), stop.log(), exit::complete);
            Exit ended = exit.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (!ended.equals(new Exit.Status(0))) {
                return Optional.of("The stop command " + program + " ended with " + ended.describe()
                        + ", so the service was stopped by signal.");
            }
            while (System.nanoTime() < end) {
                List<ProcessIdentity> left = members.now();
                if (left.isEmpty()) {
                    return Optional.empty();
                }
                await(left, Math.min(end, System.nanoTime() + LOOK_AGAIN.toNanos()));
            }
            return Optional.of(
                    "The stop command " + program + " did not stop the service, so it was stopped by signal.");
        } catch (ProcessException e) {
            return Optional.of(e.getMessage() + " So the service was stopped by signal.");
        } catch (TimeoutException _) {
            return Optional.of("The stop command " + program
                    + " did not end within half of the stop timeout, so the service was stopped by signal.");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Who was asked to end, and as what: one that was asked between its birth and the start of its program may have lost the signal, and is asked
     * again by its new name. Nobody else is asked twice, which many take for an order to end at once.
     */
    private record Asked(ProcessIdentity process, String command) {
        static Asked now(ProcessIdentity process) {
            return new Asked(process, process.stat().map(ProcessStat::command).orElse(""));
        }
    }

    private void terminate(InstanceMembers members, long end) throws InterruptedException {
        Set<Asked> asked = new HashSet<>();
        while (System.nanoTime() < end) {
            List<ProcessIdentity> services = members.now();
            // Each time: something stopped cannot react.
            List<ProcessIdentity> shim = members.shim().stream().toList();
            services.stream()
                    .filter(process -> asked.add(Asked.now(process)))
                    .forEach(process -> send(Signal.TERM, process));
            services.forEach(process -> send(Signal.CONT, process));
            shim.forEach(process -> send(Signal.CONT, process));
            if (services.isEmpty()) {
                if (shim.isEmpty()) {
                    return;
                }
                shim.forEach(process -> send(Signal.TERM, process));
            }
            await(services.isEmpty() ? shim : services, Math.min(end, System.nanoTime() + LOOK_AGAIN.toNanos()));
        }
    }

    private int kill(InstanceMembers members) {
        Set<ProcessIdentity> killed = new HashSet<>();
        long end = System.nanoTime() + KILL_WITHIN.toNanos();
        boolean interrupted = false;
        boolean shimWasAsked = false;
        boolean again = false;
        while (System.nanoTime() < end) {
            List<ProcessIdentity> services = members.now();
            List<ProcessIdentity> shim = members.shim().stream().toList();
            if (services.isEmpty() && shim.isEmpty()) {
                break;
            }
            services.stream().filter(process -> send(Signal.KILL, process)).forEach(killed::add);
            if (again && members.everything()) {
                // who bears children faster than they are found is ended with all of them
                killGroup(members, services);
            }
            again = true;
            shim.forEach(process -> send(Signal.CONT, process));
            if (services.isEmpty()) {
                Signal last = shimWasAsked ? Signal.KILL : Signal.TERM;
                shim.forEach(process -> send(last, process));
                shimWasAsked = true;
            }
            try {
                await(services.isEmpty() ? shim : services, Math.min(end, System.nanoTime() + LOOK_AGAIN.toNanos()));
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return killed.size();
    }

    /** Only where nobody else is in it, such as a process of another instance that was started below this one. */
    private static void killGroup(InstanceMembers members, List<ProcessIdentity> services) {
        Set<Long> own = Stream.concat(services.stream(), members.leader().stream())
                .map(ProcessIdentity::pid)
                .collect(Collectors.toSet());
        ControlGroup.of(members.instance())
                .filter(group -> own.containsAll(group.processes()))
                .ifPresent(ControlGroup::kill);
    }

    /** Until all of these have ended, or the time has come. */
    private void await(List<ProcessIdentity> processes, long end) throws InterruptedException {
        var ended = new CountDownLatch(1);
        try (var _ = watcher.watchAll(processes, ended::countDown)) {
            ended.await(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        }
    }

    private static boolean send(Signal signal, ProcessIdentity process) {
        try {
            return signal.send(process);
        } catch (ProcessException e) {
            // the others must be stopped all the same; this one will be among the survivors
            log.warn(e.getMessage());
            return false;
        }
    }
}
