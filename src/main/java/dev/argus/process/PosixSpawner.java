package dev.argus.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** By {@code posix_spawn} of the C library (glibc 2.34 or newer): no helper program, no pump and no thread for each child. */
final class PosixSpawner implements Spawner {
    private static final FunctionDescriptor POINTER = FunctionDescriptor.of(JAVA_INT, ADDRESS);
    private static final FunctionDescriptor TWO_POINTERS = FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS);

    private static final Optional<MethodHandle> SPAWN = Libc.find(
            "posix_spawn", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
    private static final Optional<MethodHandle> CHDIR = Libc.find("posix_spawn_file_actions_addchdir_np", TWO_POINTERS);
    private static final Optional<MethodHandle> CLOSE_FROM =
            Libc.find("posix_spawn_file_actions_addclosefrom_np", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle ACTIONS_INIT = needed("posix_spawn_file_actions_init", POINTER);
    private static final MethodHandle ACTIONS_DESTROY = needed("posix_spawn_file_actions_destroy", POINTER);
    private static final MethodHandle OPEN = needed(
            "posix_spawn_file_actions_addopen",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    private static final MethodHandle DUP =
            needed("posix_spawn_file_actions_adddup2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));

    private static final short SET_SIGNAL_DEFAULTS = 0x04;
    private static final short SET_SIGNAL_MASK = 0x08;
    private static final short SET_SESSION = 0x80;
    private static final int READ_ONLY = 0;
    private static final int WRITE_ONLY = 1;
    private static final int CREATE = 0x40;
    private static final int APPEND = 0x400;
    private static final int OWNER_ALONE = 0600;
    private static final int CHANNEL = 4;

    /** Larger than the C library's own structures, whose sizes it keeps to itself. */
    private static final int ROOM = 1024;

    private final MemorySegment attributes;
    private final MethodHandle spawn;
    private final MethodHandle changeDirectory;
    private final MethodHandle closeFrom;

    private PosixSpawner(MethodHandle spawn, MethodHandle changeDirectory, MethodHandle closeFrom) {
        this.spawn = spawn;
        this.changeDirectory = changeDirectory;
        this.closeFrom = closeFrom;
        this.attributes = attributes();
    }

    /** Empty when the C library lacks one of the calls. */
    static Optional<PosixSpawner> create() {
        return SPAWN.flatMap(spawn ->
                CHDIR.flatMap(chdir -> CLOSE_FROM.map(closeFrom -> new PosixSpawner(spawn, chdir, closeFrom))));
    }

    @Override
    public Spawned spawn(
            List<String> argv,
            Map<String, String> environment,
            Path directory,
            Path log,
            Optional<ShimChannel> channel) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pid = arena.allocate(JAVA_INT);
            MemorySegment program = arena.allocateFrom(argv.getFirst());
            MemorySegment arguments = strings(arena, argv);
            MemorySegment variables = strings(
                    arena,
                    environment.entrySet().stream()
                            .map(entry -> entry.getKey() + "=" + entry.getValue())
                            .toList());
            MemorySegment actions = arena.allocate(ROOM, 16);
            check((int) ACTIONS_INIT.invokeExact(actions));
            try {
                fill(actions, arena, directory, log, channel);
                int error = (int) spawn.invokeExact(pid, program, actions, attributes, arguments, variables);
                if (error != 0) {
                    throw new LaunchException(argv.getFirst() + " could not be started in " + directory
                            + " with its output in " + log + ": " + Libc.describe(error) + ".");
                }
            } finally {
                check((int) ACTIONS_DESTROY.invokeExact(actions));
            }
            return spawned(pid.get(JAVA_INT, 0));
        } catch (ProcessException e) {
            throw e;
        } catch (Throwable e) {
            throw Libc.broken(e);
        }
    }

    private void fill(MemorySegment actions, Arena arena, Path directory, Path log, Optional<ShimChannel> channel)
            throws Throwable {
        MemorySegment devNull = arena.allocateFrom("/dev/null");
        MemorySegment logFile = arena.allocateFrom(log.toString());
        MemorySegment workingDirectory = arena.allocateFrom(directory.toString());
        int firstToClose = 3;
        if (channel.isPresent()) {
            check((int) DUP.invokeExact(actions, channel.get().theirs(), CHANNEL));
            firstToClose = CHANNEL + 1;
        }
        check((int) OPEN.invokeExact(actions, 0, devNull, READ_ONLY, 0));
        check((int) OPEN.invokeExact(actions, 1, logFile, WRITE_ONLY | CREATE | APPEND | Libc.O_NOFOLLOW, OWNER_ALONE));
        check((int) DUP.invokeExact(actions, 1, 2));
        if (channel.isPresent()) {
            // Below the channel no descriptor of Argus may stay either.
            check((int) DUP.invokeExact(actions, 1, CHANNEL - 1));
        }
        check((int) changeDirectory.invokeExact(actions, workingDirectory));
        check((int) closeFrom.invokeExact(actions, firstToClose));
    }

    @Override
    public boolean passesChannel() {
        return true;
    }

    private static Spawned spawned(int pid) {
        // It is our child, so that its line stays, if need be as a zombie's, until we reap it.
        ProcessStat stat = ProcessStat.of(pid)
                .orElseThrow(() -> new LaunchException("Process " + pid
                        + " was started and /proc does not show it; Argus needs /proc mounted without hidepid."));
        return new Spawned(ProcessIdentity.of(stat), true);
    }

    private static MemorySegment strings(SegmentAllocator memory, List<String> strings) {
        MemorySegment pointers = memory.allocate(ADDRESS, strings.size() + 1L);
        for (int i = 0; i < strings.size(); i++) {
            pointers.setAtIndex(ADDRESS, i, memory.allocateFrom(strings.get(i)));
        }
        pointers.setAtIndex(ADDRESS, strings.size(), MemorySegment.NULL);
        return pointers;
    }

    /** A session of its own, every signal at its default and none blocked; made once, read by every spawn. */
    private static MemorySegment attributes() {
        MemorySegment attributes = Arena.global().allocate(ROOM, 16);
        MemorySegment signals = Arena.global().allocate(ROOM, 16);
        try {
            check((int) needed("posix_spawnattr_init", POINTER).invokeExact(attributes));
            // Not by sigfillset, which leaves out the two that the C library uses itself: posix_spawn would have them
            // ignored.
            signals.fill((byte) 0xff);
            check((int) needed("posix_spawnattr_setsigdefault", TWO_POINTERS).invokeExact(attributes, signals));
            check((int) needed("sigemptyset", POINTER).invokeExact(signals));
            check((int) needed("posix_spawnattr_setsigmask", TWO_POINTERS).invokeExact(attributes, signals));
            check((int) needed("posix_spawnattr_setflags", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_SHORT))
                    .invokeExact(attributes, (short) (SET_SIGNAL_DEFAULTS | SET_SIGNAL_MASK | SET_SESSION)));
            return attributes;
        } catch (ProcessException e) {
            throw e;
        } catch (Throwable e) {
            throw Libc.broken(e);
        }
    }

    private static MethodHandle needed(String name, FunctionDescriptor descriptor) {
        return Libc.find(name, descriptor)
                .orElseThrow(() -> new UnsatisfiedLinkError("The C library has no function " + name + "."));
    }

    private static void check(int error) {
        if (error != 0) {
            throw new LaunchException("A process could not be prepared (" + Libc.describe(error) + ").");
        }
    }
}
