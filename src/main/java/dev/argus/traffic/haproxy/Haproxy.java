package dev.argus.traffic.haproxy;

import dev.argus.bus.ArgusException;
import dev.argus.traffic.RoutingTable;
import dev.argus.traffic.TrafficSwitch.Drained;
import dev.argus.traffic.TrafficSwitch.TrafficFigures;
import dev.argus.traffic.TrafficSwitch.Visits;
import dev.argus.traffic.haproxy.Master.Worker;
import dev.argus.traffic.haproxy.Plan.Located;
import dev.argus.traffic.haproxy.Tally.Counted;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a HAProxy going and has it do what a table says. Blocks, for workers and virtual threads; thread-safe. */
final class Haproxy {
    private static final Logger log = LoggerFactory.getLogger(Haproxy.class);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration DYING = Duration.ofMillis(500);

    private final HaproxySettings settings;
    private final Deposit deposit;
    private final Program program;
    private final Host host;
    private final Runnable ended;
    private final Tally tally = new Tally();
    private final VisitTally visitTally = new VisitTally();
    private final CountDownLatch closed = new CountDownLatch(1);
    private Plan plan = Plan.EMPTY;
    private int port;

    /** @param ended told when HAProxy ends, not to block: then {@link #revive} is to be called */
    Haproxy(HaproxySettings settings, Deposit deposit, Program program, Host host, Runnable ended) {
        this.settings = settings;
        this.deposit = deposit;
        this.program = program;
        this.host = host;
        this.ended = ended;
    }

    /** The port on which visitors are served; 0 before the start. */
    synchronized int port() {
        return port;
    }

    /** Takes over the running one, or starts one. */
    synchronized void start(RoutingTable first) throws IOException, InterruptedException {
        Optional<Kept> kept = deposit.kept();
        boolean sameHost = kept.map(Kept::host).filter(settings.host()::equals).isPresent();
        port = settings.httpPort() != 0
                ? settings.httpPort()
                : kept.filter(_ -> sameHost).map(Kept::port).orElseGet(() -> Listening.free(settings.host()));
        plan = kept.map(Kept::plan).orElse(Plan.EMPTY);
        Plan next = plan.next(first);
        if (!host.adopt(ended)) {
            launch(next);
        } else if (kept.map(Kept::structure)
                .filter(deposit.structure(port, next)::equals)
                .isPresent()) {
            reconcile(next);
            log.info("HAProxy was running and has been taken over.");
        } else {
            if (!sameHost || kept.map(Kept::port).filter(same -> same == port).isEmpty()) {
                Listening.check(settings.host(), port);
            }
            reload(next);
        }
    }

    /** Puts a table into effect, or leaves everything as it was. */
    synchronized void apply(RoutingTable table) throws IOException, InterruptedException {
        sweep();
        Plan next = plan.next(table);
        if (!host.alive()) {
            launch(next);
        } else if (next.backends() != plan.backends() || next.slots() != plan.slots()) {
            reload(next);
        } else if (!next.equals(plan)) {
            try {
                change(next);
            } catch (IOException e) {
                if (!host.ends(DYING)) {
                    throw e;
                }
                launch(next);
            }
        }
    }

    /** Starts it again after it ended. */
    synchronized void revive() throws IOException, InterruptedException {
        if (closed.getCount() > 0 && !host.alive()) {
            launch(plan);
        }
    }

    private void launch(Plan wanted) throws IOException, InterruptedException {
        // with the old process went all that was under way
        Plan next = wanted.without(
                wanted.leaving().map(each -> each.slot().instance()).collect(Collectors.toSet()));
        deposit.lay(program, port, next);
        host.launch(program.file(), ended);
        plan = next;
        deposit.keep(port, plan);
        log.info("HAProxy was started, listening on {} port {}.", settings.host(), port);
    }

    private void reload(Plan next) throws IOException, InterruptedException {
        Plan before = plan;
        try {
            deposit.lay(program, port, next);
        } catch (ArgusException e) {
            deposit.routes(before);
            throw e;
        }
        List<Worker> old = host.master().workers();
        try {
            host.reload();
        } catch (ArgusException e) {
            deposit.lay(program, port, before);
            throw e;
        }
        plan = next;
        deposit.keep(port, plan);
        for (Worker worker : host.master().workers()) {
            Plan from = old.stream().anyMatch(each -> each.pid() == worker.pid()) ? before : null;
            bring(worker, from == null ? Servers.configured(next) : Servers.of(from), from != null);
        }
        log.info("HAProxy was reloaded: {} backends with {} slots each.", next.backends(), next.slots());
    }

    private void change(Plan next) throws IOException {
        Plan before = plan;
        deposit.keep(port, next);
        try {
            for (Worker worker : host.master().workers()) {
                bring(worker, Servers.of(before), next, !before.routes().equals(next.routes()));
            }
            plan = next;
        } catch (IOException | ArgusException e) {
            deposit.keep(port, before);
            try {
                reconcile(before);
            } catch (IOException | ArgusException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    /** Whatever the workers have, they get this plan. */
    private void reconcile(Plan wanted) throws IOException {
        for (Worker worker : host.master().workers()) {
            try {
                Servers now = Servers.parse(host.master().ask(worker, "show servers state"));
                bring(worker, now, wanted, true);
            } catch (IOException e) {
                hasEnded(worker, e);
            }
        }
        plan = wanted;
        deposit.keep(port, plan);
    }

    private void bring(Worker worker, Servers from, boolean routes) throws IOException {
        bring(worker, from, plan, routes);
    }

    private void bring(Worker worker, Servers from, Plan to, boolean routes) throws IOException {
        try {
            Master master = host.master();
            Servers wanted = Servers.of(to);
            master.tell(worker, from.toReady(wanted));
            if (routes) {
                master.route(worker, Configuration.routes(to));
            }
            master.tell(worker, from.toRest(wanted));
        } catch (IOException e) {
            hasEnded(worker, e);
        }
    }

    /** Frees the slots of those that left and have nothing under way any more. */
    private void sweep() throws IOException {
        if (plan.leaving().findAny().isPresent() && host.alive()) {
            Map<Long, Map<String, Counted>> counted = poll();
            free(plan.leaving()
                    .filter(each -> inFlight(each, counted) == 0)
                    .map(each -> each.slot().instance())
                    .collect(Collectors.toSet()));
        }
    }

    private void free(Set<String> instances) throws IOException {
        Plan next = plan.without(instances);
        if (!next.equals(plan)) {
            change(next);
        }
    }

    /** See {@link dev.argus.traffic.TrafficSwitch#drain}. */
    Drained drain(Set<String> instances, Duration atMost) throws IOException, InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        int left = underWay(instances);
        while (left > 0 && System.nanoTime() < end && !closed.await(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
            left = underWay(instances);
        }
        if (closed.getCount() > 0) {
            end(instances);
        }
        return new Drained(left);
    }

    private synchronized int underWay(Set<String> instances) throws IOException, InterruptedException {
        List<Located> leaving = among(instances);
        var backends = new HashSet<String>();
        leaving.forEach(each -> backends.add("b" + each.place().backend()));
        try {
            if (!host.alive()) {
                return 0;
            }
            Map<Long, Map<String, Counted>> counted = counts(
                    backends.stream().map(each -> "show stat " + each + " 4 -1").toList());
            return leaving.stream().mapToInt(each -> inFlight(each, counted)).sum();
        } catch (IOException e) {
            if (host.ends(DYING)) {
                return 0;
            }
            throw e;
        }
    }

    private synchronized void end(Set<String> instances) throws IOException {
        List<Located> leaving = among(instances);
        if (!leaving.isEmpty() && host.alive()) {
            poll();
            List<String> cut = leaving.stream()
                    .map(each -> "shutdown sessions server " + each.server())
                    .toList();
            for (Worker worker : host.master().workers()) {
                try {
                    host.master().tell(worker, cut);
                } catch (IOException e) {
                    hasEnded(worker, e);
                }
            }
            free(instances);
        }
    }

    private List<Located> among(Set<String> instances) {
        return plan.leaving()
                .filter(each -> instances.contains(each.slot().instance()))
                .toList();
    }

    private static int inFlight(Located each, Map<Long, Map<String, Counted>> counted) {
        return counted.values().stream()
                .map(servers -> servers.get(each.server()))
                .mapToInt(count -> count == null ? 0 : count.inFlight())
                .sum();
    }

    /** What went through. */
    synchronized List<TrafficFigures> figures() throws IOException {
        if (host.alive()) {
            poll();
        }
        return tally.figures();
    }

    /** What visitors got. */
    synchronized List<Visits> visits() throws IOException {
        if (host.alive()) {
            List<String> questions = VisitTally.questions(plan.slots());
            Map<Long, Map<String, VisitTally.Counted>> counted = new HashMap<>();
            for (Worker worker : host.master().workers()) {
                try {
                    Master master = host.master();
                    counted.put(
                            worker.pid(),
                            VisitTally.parse(
                                    master.ask(worker, questions.get(0)), master.ask(worker, questions.get(1))));
                } catch (IOException e) {
                    hasEnded(worker, e);
                }
            }
            visitTally.add(plan, counted);
        }
        return visitTally.visits();
    }

    private Map<Long, Map<String, Counted>> poll() throws IOException {
        Map<Long, Map<String, Counted>> counted = counts(List.of("show stat -1 4 -1"));
        tally.add(plan, counted, System.nanoTime());
        return counted;
    }

    /** What each worker answers; an old one that ends meanwhile counts nothing any more. */
    private Map<Long, Map<String, Counted>> counts(List<String> commands) throws IOException {
        Map<Long, Map<String, Counted>> counted = new HashMap<>();
        for (Worker worker : host.master().workers()) {
            var servers = new HashMap<String, Counted>();
            try {
                for (String command : commands) {
                    servers.putAll(Tally.parse(host.master().ask(worker, command)));
                }
            } catch (IOException e) {
                hasEnded(worker, e);
            }
            counted.put(worker.pid(), servers);
        }
        return counted;
    }

    /** Goes on only where it was an old worker that did not answer: they end when they have no connection left. */
    private static void hasEnded(Worker worker, IOException problem) throws IOException {
        if (worker.current()) {
            throw problem;
        }
        log.debug("The old worker {} of HAProxy has ended meanwhile: {}", worker.pid(), problem.getMessage());
    }

    /** Lets it run alone. */
    void close() {
        closed.countDown();
        synchronized (this) {
            host.close();
        }
    }
}
