package dev.argus.process;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel says of one living process, as evidence of what it was doing. What could not be read is empty, 0 or null.
 *
 * @param command its name and arguments, made safe to print, at most 200 characters
 * @param state one word: {@code running sleeping disk-wait stopped traced idle}, or the kernel's letter
 * @param waits what its threads do, as {@code sleeping in futex_wait_queue}, and how many do so
 * @param doing the system call in which its main thread is, or {@code computing}
 * @param stack where its main thread is in the kernel, innermost first; only where Argus may read it
 * @param peakBytes the most memory it ever had resident; all memory in bytes
 * @param oomScore from 0 to 1000 and more: how soon the kernel would take it when memory is short
 * @param mostFiles how many files it may have open
 * @param files what is open, by kind: {@code file socket pipe device deleted} or the name of an anonymous kind such as {@code eventpoll}
 * @param sockets those of TCP and UDP, listening ones first, at most {@link #MOST_SOCKETS}
 * @param allSockets how many of TCP and UDP there are
 */
public record ProcessEvidence(
        long pid,
        long parent,
        String command,
        String state,
        int threads,
        Map<String, Integer> waits,
        String doing,
        List<String> stack,
        long residentBytes,
        long peakBytes,
        long swappedBytes,
        @Nullable Integer oomScore,
        int openFiles,
        @Nullable Long mostFiles,
        Map<String, Integer> files,
        List<Socket> sockets,
        int allSockets) {
    /** How many sockets are kept of a process. */
    public static final int MOST_SOCKETS = 50;

    /** Copies the collections; maps keep their order. */
    public ProcessEvidence {
        waits = Collections.unmodifiableMap(new LinkedHashMap<>(waits));
        files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
        stack = List.copyOf(stack);
        sockets = List.copyOf(sockets);
    }
}
