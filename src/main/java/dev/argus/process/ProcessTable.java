package dev.argus.process;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All living processes at one moment. One reading serves the questions about many instances: it costs about 20 µs a process, and as much again
 * for each whose environment has to be looked at.
 */
public final class ProcessTable {
    private static final SharedReading<ProcessTable> NEXT = new SharedReading<>(ProcessTable::read);

    private final Map<Long, ProcessStat> processes;
    private final Map<Long, Optional<String>> cookies = new HashMap<>();
    /** Made when members are first asked for, so that many instances do not look at all processes each. */
    private @Nullable Index index;

    /** The processes by what makes them members. */
    private record Index(
            Map<String, List<ProcessStat>> byCookie,
            Map<Long, List<ProcessStat>> bySession,
            Map<Long, List<ProcessStat>> byGroup,
            Map<Long, List<ProcessStat>> byParent) {}

    private ProcessTable(Map<Long, ProcessStat> processes) {
        this.processes = processes;
    }

    /**
     * All processes at one moment after this call: like {@link #read}, but whoever asks while another reading is under way shares the next one.
     * So a hundred instances that are stopped together do not read {@code /proc} a hundred times at once.
     *
     * @throws ProcessException when there is none
     */
    public static ProcessTable shared() {
        return NEXT.get();
    }

    /**
     * Reads {@code /proc}.
     *
     * @throws ProcessException when there is none
     */
    public static ProcessTable read() {
        var processes = new LinkedHashMap<Long, ProcessStat>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path directory : all) {
                ProcessStat.of(Long.parseLong(directory.getFileName().toString()))
                        .filter(ProcessStat::isAlive)
                        .ifPresent(stat -> processes.put(stat.pid(), stat));
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw new ProcessException(
                    "The list of processes cannot be read (" + e.getMessage() + "); Argus needs /proc mounted.", e);
        }
        return new ProcessTable(processes);
    }

    /**
     * Every process of an instance, oldest first, zombies left out: those with its cookie in their environment, those in the session or group of
     * its leader, those in its control group, and the descendants of all these. Never the leader or Argus itself, and none with another instance's cookie.
     *
     * @param instance the value of {@code ARGUS_INSTANCE}
     * @param leader the shim of the last launch, alive or not
     */
    public synchronized List<ProcessIdentity> members(String instance, Optional<ProcessIdentity> leader) {
        var members = new LinkedHashMap<Long, ProcessStat>();
        Predicate<ProcessStat> foreign =
                stat -> cookie(stat).filter(other -> !other.equals(instance)).isPresent();
        Index by = index();
        of(by.byCookie(), instance).forEach(stat -> members.put(stat.pid(), stat));
        leader.filter(shim -> ownsSession(shim, members))
                .ifPresent(shim -> Stream.of(by.bySession(), by.byGroup())
                        .flatMap(each -> of(each, shim.pid()).stream())
                        .filter(foreign.negate())
                        .forEach(stat -> members.put(stat.pid(), stat)));
        ControlGroup.of(instance).map(ControlGroup::processes).orElse(List.of()).stream()
                .map(processes::get)
                .filter(stat -> stat != null && !foreign.test(stat))
                .forEach(stat -> members.put(stat.pid(), stat));
        var parents = new ArrayDeque<>(members.keySet());
        while (!parents.isEmpty()) {
            for (ProcessStat child : of(by.byParent(), parents.remove())) {
                if (!foreign.test(child) && members.putIfAbsent(child.pid(), child) == null) {
                    parents.add(child.pid());
                }
            }
        }
        members.remove(ProcessHandle.current().pid());
        leader.filter(shim -> isHere(shim)).ifPresent(shim -> members.remove(shim.pid()));
        var sorted = new ArrayList<>(members.values());
        sorted.sort(Comparator.comparingLong(ProcessStat::startTicks));
        return sorted.stream().map(ProcessIdentity::of).toList();
    }

    private Index index() {
        Index made = index;
        if (made == null) {
            made = new Index(new HashMap<>(), new HashMap<>(), new HashMap<>(), new HashMap<>());
            for (ProcessStat stat : processes.values()) {
                String cookie = cookie(stat).orElse(null);
                if (cookie != null) {
                    add(made.byCookie(), cookie, stat);
                }
                add(made.bySession(), stat.session(), stat);
                add(made.byGroup(), stat.group(), stat);
                add(made.byParent(), stat.parent(), stat);
            }
            index = made;
        }
        return made;
    }

    private static <K> void add(Map<K, List<ProcessStat>> to, K key, ProcessStat stat) {
        to.computeIfAbsent(key, none -> new ArrayList<>()).add(stat);
    }

    private static <K> List<ProcessStat> of(Map<K, List<ProcessStat>> from, K key) {
        return from.getOrDefault(key, List.of());
    }

    /** What is known of this very process at the moment of the reading. */
    public Optional<ProcessStat> stat(ProcessIdentity process) {
        return Optional.ofNullable(processes.get(process.pid()))
                .filter(stat -> stat.startTicks() == process.startTicks());
    }

    /** The shim of an instance, found without its record: it has the cookie and leads a session. */
    synchronized Optional<ProcessIdentity> leader(String instance) {
        return processes.values().stream()
                .filter(stat -> stat.session() == stat.pid())
                .filter(stat -> cookie(stat).equals(Optional.of(instance)))
                .min(Comparator.comparingLong(ProcessStat::startTicks))
                .map(ProcessIdentity::of);
    }

    boolean groupIsEmpty(ProcessIdentity leader) {
        return processes.values().stream()
                .noneMatch(stat -> stat.group() == leader.pid() && stat.pid() != leader.pid());
    }

    LongStream childrenOf(long pid) {
        return processes.values().stream().filter(stat -> stat.parent() == pid).mapToLong(ProcessStat::pid);
    }

    private boolean isHere(ProcessIdentity process) {
        ProcessStat stat = processes.get(process.pid());
        return stat != null && stat.startTicks() == process.startTicks();
    }

    /**
     * A session lives on under the number of its dead leader, and that number is not given away as long as it does. So the session is ours when
     * the leader lives, or when a process with our cookie is in it; otherwise a stranger may have got the number later.
     */
    private boolean ownsSession(ProcessIdentity leader, Map<Long, ProcessStat> marked) {
        if (!leader.bootId().equals(ProcessIdentity.currentBoot())) {
            return false;
        }
        return processes.containsKey(leader.pid())
                ? isHere(leader)
                : marked.values().stream().anyMatch(stat -> inSession(stat, leader));
    }

    private static boolean inSession(ProcessStat stat, ProcessIdentity leader) {
        return stat.session() == leader.pid() || stat.group() == leader.pid();
    }

    private Optional<String> cookie(ProcessStat stat) {
        return cookies.computeIfAbsent(stat.pid(), Cookie::of);
    }
}
